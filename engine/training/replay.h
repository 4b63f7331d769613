#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

namespace rind::training {

/// Settings that changed in a run, and the steps done when they did.
struct RecordedChange {
  std::int64_t step = 0;
  nlohmann::json changes;
};

/// The changes that an events.jsonl records, in order. Throws InputError: it cannot be read, or is none.
std::vector<RecordedChange> recordedChanges(const std::filesystem::path& events);

}  // namespace rind::training
