#pragma once

#include <QString>
#include <string>

#include "rind/models/run_folder.h"

namespace rind::models {

/// How a run stands by what its folder holds: the last that its events say, and the lock of its trainer.
struct RunStanding {
  /// "running" or "paused" (a process on this machine trains it), "finished", "stopped", "failed", "crashed"
  /// (it has no end and nobody trains it), "elsewhere" (a machine that is not this one began it and it has no
  /// end here), or "unreadable".
  std::string state;
  /// Of its last trainer; empty where the folder does not say.
  std::string host;
  int process = 0;
  /// Of a run elsewhere: the last it wrote is that it was paused.
  bool paused_there = false;
  /// Of a paused run: its process was stopped by its shell (Ctrl+Z).
  bool suspended = false;
};

RunStanding standingOf(const RunFolder& run);

/// The state as the list of runs says it: "running", "❚❚ paused", "on gpu-host".
QString wordOf(const RunStanding& standing);

/// What that means and what can be done, for a tooltip; empty where the word says it all. `time` is that of
/// the run's last entry, in seconds since 1970 UTC.
QString explanationOf(const RunStanding& standing, double time);

}  // namespace rind::models
