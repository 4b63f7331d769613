#pragma once

#include <filesystem>
#include <vector>

#include "rind/core/label_set.h"
#include "rind/core/run_config.h"
#include "rind/messages/events.h"
#include "rind/models/event_tail.h"
#include "rind/models/score_file.h"

namespace rind::models {

/// What a run folder tells without any process: its settings, its events and what could not be read.
struct RunFolder {
  std::filesystem::path path;
  core::RunConfig config;
  core::LabelSet labels;
  /// Of the cases trained and validated with, as the engine wrote it down; empty where it did not.
  std::string training_fingerprint;
  std::string validation_fingerprint;
  std::vector<messages::Event> events;
  std::size_t broken_lines = 0;
  /// For what comes after these.
  EventTail tail;
  std::vector<CaseScore> scores;
  std::size_t broken_scores = 0;  // lines of theirs that were left out
  bool has_checkpoint = false;
};

/// Whether the run in `path` left something to resume from.
bool holdsCheckpoint(const std::filesystem::path& path);

bool isRunFolder(const std::filesystem::path& path);

/// Lines of events.jsonl that are damaged or unknown are counted and left out; a last line without its
/// newline is left out only, for it is being written or was when the trainer was killed. Throws InputError
/// where run.json cannot be used.
RunFolder readRunFolder(const std::filesystem::path& path);

/// Settings that this version does not know are left out, so that a newer run opens too.
void applyKnown(core::RunConfig& config, const nlohmann::json& stored);

}  // namespace rind::models
