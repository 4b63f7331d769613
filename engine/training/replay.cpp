#include "rind/training/replay.h"

#include <algorithm>
#include <sstream>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/settings.h"
#include "rind/messages/events.h"

namespace rind::training {

using nlohmann::json;

void overrule(std::span<RecordedChange> later, const json& wishes) {
  const json wanted = core::withPresetsOpened(wishes);
  for (auto& change : later) {
    json opened = core::withPresetsOpened(change.changes);
    bool differs = false;
    for (const auto& [key, value] : wanted.items()) {
      if (!opened.contains(key) || opened[key] == value) continue;
      opened[key] = value;
      differs = true;
    }
    if (differs) change.changes = std::move(opened);
  }
}

void addChange(std::vector<RecordedChange>& changes, RecordedChange change) {
  const auto later =
      std::upper_bound(changes.begin(), changes.end(), change.step,
                       [](std::int64_t step, const RecordedChange& other) { return step < other.step; });
  overrule(std::span(later, changes.end()), change.changes);
  if (later != changes.begin() && *(later - 1) == change) return;  // made again after a kill
  changes.insert(later, std::move(change));
}

std::vector<RecordedChange> recordedChanges(const std::filesystem::path& events) {
  std::istringstream lines(core::readFile(events));
  std::vector<RecordedChange> found;
  bool any = false;
  for (std::string line; std::getline(lines, line);) {
    const auto event = messages::parseEvent(json::parse(line, nullptr, false));
    any |= event.has_value();
    const auto* parameters = event ? std::get_if<messages::Parameters>(&*event) : nullptr;
    if (parameters) addChange(found, {parameters->at.step, parameters->changes});
  }
  if (!any)
    throw core::InputError(events.string(), "holds no events of a run", "give the events.jsonl of a run");
  return found;
}

}  // namespace rind::training
