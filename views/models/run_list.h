#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace rind::models {

/// What a list of runs says of one.
struct RunLine {
  std::filesystem::path path;
  std::string name;
  /// "running", "finished", "stopped", "failed", "crashed" (it has no end and nobody trains it), "elsewhere"
  /// (a machine that is not this one began it and it has no end here), "unreadable". The run that this window
  /// trains has RunModel's states, such as "paused".
  std::string state;
  std::string loss;
  std::string data;
  std::string problem;  // where unreadable: why
  int epochs = 0;       // done
  int planned = 0;
  double best_dsc = 0;  // NaN before the first epoch
  double time = 0;      // of the last event, seconds since 1970 UTC
  bool has_checkpoint = false;
};

/// Reads one run folder; never throws: a run that cannot be read is "unreadable".
RunLine describeRun(const std::filesystem::path& folder);

/// The runs right under `parent`, the newest first.
std::vector<RunLine> listRuns(const std::filesystem::path& parent);

}  // namespace rind::models
