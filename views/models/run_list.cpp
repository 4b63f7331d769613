#include "rind/models/run_list.h"

#include <algorithm>
#include <cmath>

#include "rind/models/run_folder.h"

namespace rind::models {
namespace {

namespace fs = std::filesystem;

void take(RunLine& line, const messages::Event& event) {
  if (const auto* started = std::get_if<messages::Started>(&event)) {
    line.planned = started->epochs;
  } else if (const auto* epoch = std::get_if<messages::Epoch>(&event)) {
    line.epochs = std::max(line.epochs, epoch->at.epoch);
    if (std::isfinite(epoch->mean_dsc) && !(line.best_dsc >= epoch->mean_dsc))
      line.best_dsc = epoch->mean_dsc;
  }
  std::visit([&line](const auto& one) { line.time = std::max(line.time, one.at.time); }, event);
}

}  // namespace

RunLine describeRun(const fs::path& folder) {
  RunLine line;
  line.path = folder;
  line.name = folder.filename().string();
  line.best_dsc = std::nan("");
  try {
    const RunFolder run = readRunFolder(folder);
    line.loss = core::toString(run.config.loss.kind);
    line.data = run.config.data;
    line.planned = run.config.epochs;
    line.has_checkpoint = run.has_checkpoint;
    for (const auto& event : run.events) take(line, event);
    line.standing = standingOf(run);
  } catch (const std::exception& error) {
    line.standing.state = "unreadable";
    line.problem = error.what();
  }
  return line;
}

std::vector<RunLine> listRuns(const fs::path& parent) {
  std::vector<RunLine> lines;
  std::error_code error;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end; entry.increment(error))
    if (isRunFolder(entry->path())) lines.push_back(describeRun(entry->path()));
  std::sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) {
    return a.time != b.time ? a.time > b.time : a.name > b.name;
  });
  return lines;
}

}  // namespace rind::models
