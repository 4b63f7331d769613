#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "rind/core/append_file.h"
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
  /// What `folder` says of its run. Throws InputError where run.json is damaged.
  static nlohmann::json readDescription(const std::filesystem::path& folder);

  /// Appends one line, whole or not at all. Throws DiskFull.
  void append(const messages::Event& event);

  /// Says in the lock, for who looks at the folder, why the training waits; empty: it goes on. The place for
  /// it was made with the lock, so that a full disk has room for it; where it cannot be written nothing is
  /// said.
  void note(const std::string& why);

  struct History {
    std::vector<nlohmann::json> changes;  // of settings, in order
    std::optional<messages::Epoch> best;
    std::string lines;
  };
  /// What was recorded up to `step`, less what has to be done again in `epoch` (its scores, its preview), the
  /// end, and any line that is broken.
  History eventsUntil(std::int64_t step, std::int64_t epoch) const;
  /// Nothing else is recorded any more.
  void keepEvents(const History& history);

 private:
  std::filesystem::path folder_;
  core::AppendFile events_;
  int lock_ = -1;
};

}  // namespace rind::training
