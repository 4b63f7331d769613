#include "rind/training/run_folder.h"

#include <algorithm>
#include <cerrno>
#include <sstream>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/text.h"

namespace rind::training {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kSubfolders[] = {"checkpoints", "previews"};
/// What a run has in its folder; what else is there is let be.
constexpr const char* kNames[] = {"checkpoints", "previews",     "lock",       "split.json",
                                  "scores.csv",  "events.jsonl", "tensorboard"};

/// Written by core::writeFileWhole, whose process was killed.
bool isHalfWritten(const std::string& name) {
  return name.front() == '.' && name.find(".part-") != std::string::npos;
}

bool isCheckpoint(const std::string& name) {
  return name.ends_with(".checkpoint") || name == "epoch.linked" || isHalfWritten(name);
}

bool holdsOnly(const fs::path& folder, bool (*known)(const std::string& name)) {
  const fs::directory_iterator entries(folder);
  return std::all_of(begin(entries), end(entries), [known](const fs::directory_entry& entry) {
    return known(entry.path().filename().string());
  });
}

/// Whether an entry of a folder without run.json may be what a trainer left that was killed at its beginning.
/// Its lock came before all that has content.
bool isLeftover(const fs::path& entry, bool locked) {
  const std::string name = entry.filename().string();
  if (name == "lock" || name == "split.json") return locked;
  if (name == "previews") return fs::is_directory(entry) && fs::is_empty(entry);
  if (name == "checkpoints")
    return fs::is_directory(entry) && (fs::is_empty(entry) || (locked && holdsOnly(entry, isCheckpoint)));
  return isHalfWritten(name);
}

/// Names in a folder that holds no run; throws InputError where they are somebody else's.
std::vector<std::string> leftoversIn(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code status;
  if (!fs::exists(folder, status)) return names;
  if (!fs::is_directory(folder, status)) core::throwCannotWrite(folder, ENOTDIR);
  const bool locked = RunLock::isOne(folder / "lock");
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool is_own = std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
    if (!is_own && !isHalfWritten(name)) continue;
    if (!isLeftover(entry.path(), locked))
      throw core::InputError(folder.string(), "holds something named " + name + " that is not a run's",
                             "choose a new or an empty folder with --out");
    if (locked) names.push_back(name);
  }
  return names;
}

void requireRun(const fs::path& folder, bool wanted) {
  const bool holds_run = fs::exists(folder / "run.json");
  if (holds_run && !wanted)
    throw core::InputError(folder.string(), "already holds a run",
                           "add --resume to go on with it, or choose another --out");
  if (!holds_run && wanted)
    throw core::InputError(folder.string(), "holds no run to resume",
                           "check the folder, or leave --resume out");
}

}  // namespace

RunFolder::RunFolder(fs::path folder, bool resume) : folder_(std::move(folder)) {
  requireRun(folder_, resume);
  const auto leftovers = resume ? std::vector<std::string>{} : leftoversIn(folder_);
  traces_.made_folder = !fs::exists(folder_);
  traces_.folder = folder_;
  core::requireWritableFolder(folder_);
  lock_.emplace(folder_);
  requireRun(folder_, resume);  // another trainer may have been quicker
  traces_.names = leftovers;
  traces_.names.emplace_back("lock");
  for (const auto& name : leftovers)
    if (name != "lock") fs::remove_all(folder_ / name);
  for (const char* name : kSubfolders) makeOwn(name);
}

void RunFolder::makeOwn(const char* subfolder) {
  if (fs::create_directories(folder_ / subfolder)) traces_.names.emplace_back(subfolder);
}

RunFolder::Traces::~Traces() {
  std::error_code ignored;
  if (folder.empty() || fs::exists(folder / "run.json", ignored)) return;
  for (const auto& name : names) fs::remove_all(folder / name, ignored);
  if (made_folder) fs::remove(folder, ignored);  // only where it is empty
}

void RunFolder::writeDescription(const json& description) {
  core::writeFileWhole(folder_ / "run.json", description.dump(1) + "\n");
}

void RunFolder::writeSplit(const json& split) {
  traces_.names.emplace_back("split.json");
  core::writeFileWhole(folder_ / "split.json", split.dump(1) + "\n");
}

json RunFolder::readDescription(const fs::path& folder) {
  const fs::path file = folder / "run.json";
  json description = json::parse(core::readFile(file), nullptr, false);
  if (!description.is_object() || !description.contains("config"))
    throw core::InputError(file.string(), "is damaged", "take it from a copy of the run, or start a new one");
  return description;
}

void RunFolder::append(const messages::Event& event) {
  if (!events_.isOpen()) events_.open(folder_ / "events.jsonl");
  events_.append(core::jsonText(messages::toJson(event)) + "\n");
}

RunFolder::History RunFolder::eventsUntil(std::int64_t step, std::int64_t epoch) const {
  const fs::path file = folder_ / "events.jsonl";
  History history;
  if (!fs::exists(file)) return history;
  std::istringstream lines(core::readFile(file));
  for (std::string line; std::getline(lines, line);) {
    const auto event = messages::parseEvent(json::parse(line, nullptr, false));
    if (!event) continue;
    const auto* parameters = std::get_if<messages::Parameters>(&*event);
    if (!parameters && messages::momentOf(*event).step > step) continue;
    // An end is undone by going on.
    if (std::holds_alternative<messages::Ended>(*event)) continue;
    const auto* scores = std::get_if<messages::Epoch>(&*event);
    const bool of_epoch = scores || std::holds_alternative<messages::Preview>(*event);
    if (of_epoch && messages::momentOf(*event).epoch >= epoch) continue;
    if (scores && scores->best) history.best = *scores;
    if (parameters) addChange(history.changes, {parameters->at.step, parameters->changes});
    history.lines += line + "\n";
  }
  return history;
}

void RunFolder::keepEvents(const History& history) {
  events_.close();
  core::writeFileWhole(folder_ / "events.jsonl", history.lines);
}

}  // namespace rind::training
