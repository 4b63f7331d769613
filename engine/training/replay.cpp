#include "rind/training/replay.h"

#include <sstream>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/messages/events.h"

namespace rind::training {

std::vector<RecordedChange> recordedChanges(const std::filesystem::path& events) {
  std::istringstream lines(core::readFile(events));
  std::vector<RecordedChange> found;
  bool any = false;
  for (std::string line; std::getline(lines, line);) {
    const auto event = messages::parseEvent(nlohmann::json::parse(line, nullptr, false));
    any |= event.has_value();
    const auto* parameters = event ? std::get_if<messages::Parameters>(&*event) : nullptr;
    if (parameters) found.push_back({parameters->at.step, parameters->changes});
  }
  if (!any)
    throw core::InputError(events.string(), "holds no events of a run", "give the events.jsonl of a run");
  return found;
}

}  // namespace rind::training
