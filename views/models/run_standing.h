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
  /// Of a paused run: why it waits, as its trainer says, such as a full disk.
  std::string waits_for;
  /// Of a run elsewhere: it was seen to go on.
  bool goes_on = false;

  bool operator==(const RunStanding&) const = default;
};

/// What the events say last of how the run stands: "paused", how it ended, or nothing while it goes on.
/// `before`: what those before them said.
std::string lastSaid(std::string before, const std::vector<messages::Event>& events);

/// `said`: by its events (lastSaid). To be asked before the events are read, `isTrainedHere`: a trainer that
/// ends writes its end and lets go of the lock after.
RunStanding standingOf(const std::filesystem::path& run, const std::string& said, bool is_trained_here);
RunStanding standingOf(const RunFolder& run);
/// Whether a process on this machine holds the run.
bool isTrainedHere(const std::filesystem::path& run);
/// Whether a process that is not this one's engine trains it, so that it can be followed and nothing else.
bool isHeld(const RunStanding& standing);
/// Whether it waits rather than trains.
bool isPaused(const RunStanding& standing);

/// The state as the list of runs says it: "running", "❚❚ paused", "on gpu-host".
QString wordOf(const RunStanding& standing);

/// The same of a run that is open, for a title: "trained by process 7", "❚❚ paused in process 7", "trained on
/// gpu-host".
QString titleOf(const RunStanding& standing);

/// What that means and what can be done, for a tooltip; empty where the word says it all. `time` is that of
/// the run's last entry, in seconds since 1970 UTC.
QString explanationOf(const RunStanding& standing, double time);

/// The same of a run that is open and followed, to stand behind its title.
QString followedText(const RunStanding& standing, double time);

}  // namespace rind::models
