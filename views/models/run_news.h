#pragma once

#include "rind/models/run_standing.h"

namespace rind::models {

/// What was written into a run's folder since it was last looked at, and how the run stands now.
struct RunNews {
  /// Its events are the new ones only, its scores are empty where they are as they were.
  RunFolder run;
  /// All of the run's events, and all before are void: it was taken up again from an earlier checkpoint.
  bool anew = false;
  /// The folder is not there any more; nothing else is told.
  bool gone = false;
  RunStanding standing;
};

}  // namespace rind::models
