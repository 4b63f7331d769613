#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "rind/messages/events.h"

namespace rind::training {

/// A run folder held by its one trainer: run.json, events.jsonl, checkpoints/, previews/, scores.csv.
class RunFolder {
 public:
  /// Makes or takes the folder. Throws InputError: it cannot be written, another process trains in it
  /// (named), or it already holds a run and `resume` is false, or holds none and it is true.
  RunFolder(std::filesystem::path folder, bool resume);
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  const std::filesystem::path& path() const { return folder_; }

  void writeDescription(const nlohmann::json& description);
  nlohmann::json readDescription() const;

  /// Appends one line, flushed. Throws InputError when the disk is full.
  void append(const messages::Event& event);

  /// Drops what was recorded after `step` (it will be trained again), and any line that is broken. Returns
  /// the settings that were changed up to then, in order.
  std::vector<nlohmann::json> rewindEvents(std::int64_t step);

 private:
  std::filesystem::path folder_;
  std::ofstream events_;
  int lock_ = -1;
};

}  // namespace rind::training
