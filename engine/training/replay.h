#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

namespace rind::training {

/// Settings that changed in a run, and the steps done when they did.
struct RecordedChange {
  std::int64_t step = 0;
  nlohmann::json changes;
  bool operator==(const RecordedChange&) const = default;
};

/// Adds a change that was recorded after all of `changes`, which are in the order of their steps. Where its
/// step is an earlier one (the run was killed and went on from a checkpoint), it is the newer wish: it
/// overrules those of later steps.
void addChange(std::vector<RecordedChange>& changes, RecordedChange change);

/// What `wishes` sets holds in `later` too, where they set the same.
void overrule(std::span<RecordedChange> later, const nlohmann::json& wishes);

/// The changes that an events.jsonl records, in the order of their steps. Throws InputError: it cannot be
/// read, or is none.
std::vector<RecordedChange> recordedChanges(const std::filesystem::path& events);

}  // namespace rind::training
