#include "rind/models/run_folder.h"

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/settings.h"

namespace rind::models {
namespace {

using nlohmann::json;

core::LabelSet labelsIn(const json& run) {
  core::LabelSet labels;
  const auto model = run.value("model", json::object());
  for (const auto& entry : model.value("labels", json::array())) {
    core::Label label{entry.value("value", 0), entry.value("name", ""), {}};
    const auto colour = entry.value("colour", std::vector<int>{});
    for (std::size_t i = 0; i < 3 && i < colour.size(); ++i)
      label.colour[i] = static_cast<std::uint8_t>(colour[i]);
    labels.push_back(label);
  }
  return labels;
}

}  // namespace

void applyKnown(core::RunConfig& config, const json& stored) {
  json known = json::object();
  for (const auto& setting : core::settings())
    if (stored.contains(setting.key)) known[setting.key] = stored[setting.key];
  core::applySettings(config, known);
}

bool isRunFolder(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path / "run.json", ignored);
}

bool holdsCheckpoint(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto checkpoints = path / "checkpoints";
  return std::filesystem::is_directory(checkpoints, ignored) &&
         !std::filesystem::is_empty(checkpoints, ignored);
}

RunFolder readRunFolder(const std::filesystem::path& path) {
  const auto file = path / "run.json";
  const json run = json::parse(core::readFile(file), nullptr, false);
  if (!run.is_object())
    throw core::InputError(file.string(), "is not valid JSON",
                           "the run cannot be opened; its checkpoints may still be used");
  RunFolder folder;
  folder.path = path;
  try {
    applyKnown(folder.config, run.value("config", json::object()));
    folder.labels = labelsIn(run);
    const auto marks = run.value("data", json::object()).value("fingerprint", json::object());
    folder.training_fingerprint = marks.value("training", "");
    folder.validation_fingerprint = marks.value("validation", "");
  } catch (const json::exception& error) {
    throw core::InputError(file.string(), std::string("holds something unexpected: ") + error.what(),
                           "mend it or start a new run");
  }
  folder.tail = EventTail(path / "events.jsonl");
  auto news = folder.tail.read();
  folder.events = std::move(news.events);
  folder.broken_lines = news.broken_lines;
  // What was changed while it ran holds on.
  for (const auto& event : folder.events)
    if (const auto* parameters = std::get_if<messages::Parameters>(&event))
      applyKnown(folder.config, parameters->changes);
  auto scores = readScoreFile(path / "scores.csv");
  folder.scores = std::move(scores.scores);
  folder.broken_scores = scores.broken_lines;
  folder.has_checkpoint = holdsCheckpoint(path);
  return folder;
}

}  // namespace rind::models
