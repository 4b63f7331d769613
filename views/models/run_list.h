#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "rind/models/run_standing.h"

namespace rind::models {

/// What a list of runs says of one.
struct RunLine {
  std::filesystem::path path;
  std::string name;
  /// The run that this window trains has RunModel's states instead, such as "stopping".
  RunStanding standing;
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
