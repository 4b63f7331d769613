#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "rind/core/append_file.h"
#include "rind/messages/events.h"
#include "rind/training/replay.h"
#include "rind/training/run_lock.h"

namespace rind::training {

/// A run folder held by its one trainer: run.json, events.jsonl, checkpoints/, previews/, scores.csv.
class RunFolder {
 public:
  /// Makes or takes the folder. Throws InputError: it cannot be written, another process trains in it
  /// (named), it already holds a run and `resume` is false, or holds none and it is true, or it holds other
  /// things. What a trainer left that was killed before it had a run.json is no hindrance.
  RunFolder(std::filesystem::path folder, bool resume);
  /// Where nothing came of the run (no run.json), what it made is removed, and nothing else.
  ~RunFolder() = default;
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  const std::filesystem::path& path() const { return folder_; }

  void writeDescription(const nlohmann::json& description);
  void writeSplit(const nlohmann::json& split);
  /// What `folder` says of its run. Throws InputError where run.json is damaged.
  static nlohmann::json readDescription(const std::filesystem::path& folder);

  /// Appends one line, whole or not at all. Throws DiskFull.
  void append(const messages::Event& event);

  /// Says in the lock, for who looks at the folder, why the training waits; empty: it goes on.
  void note(const std::string& why) { lock_->note(why); }

  struct History {
    /// Of settings, in the order of their steps; those after `step` have to be made again.
    std::vector<RecordedChange> changes;
    std::optional<messages::Epoch> best;
    std::string lines;
  };
  /// What was recorded up to `step`, less what has to be done again in `epoch` (its scores, its preview), the
  /// end, and any line that is broken. Changes of settings are kept whatever their step: nobody would make
  /// them again.
  History eventsUntil(std::int64_t step, std::int64_t epoch) const;
  /// Nothing else is recorded any more.
  void keepEvents(const History& history);

 private:
  /// What this trainer made, gone with it unless a run came of it.
  class Traces {
   public:
    Traces() = default;
    ~Traces();
    Traces(const Traces&) = delete;
    Traces& operator=(const Traces&) = delete;
    std::filesystem::path folder;
    bool made_folder = false;
    std::vector<std::string> names;
  };
  void makeOwn(const char* subfolder);

  std::filesystem::path folder_;
  std::optional<RunLock> lock_;
  Traces traces_;  // goes while the lock is held
  core::AppendFile events_;
};

}  // namespace rind::training
