#pragma once

#include <vector>

#include "rind/core/run_config.h"
#include "rind/exporting/model_description.h"
#include "rind/training/training_data.h"

namespace rind::training {

/// What follows from a configuration and its data: shapes and counts that stay for the run.
struct RunPlan {
  exporting::ModelDescription model;
  core::Extent3 patch;
  std::vector<std::int64_t> patches_per_case;

  std::int64_t samples() const;
  std::int64_t stepsPerEpoch(int batch) const { return (samples() + batch - 1) / batch; }
};

/// The patch, where none is given: the median case, up to 64x128x128, rounded down to what the network allows
/// (rounded up, a good half of a small case's patch would be padding). The window to predict with: the
/// largest case up to the same, rounded up, not smaller than the patch; the patch itself where one is given
/// (a person may have chosen it for its memory) and for a network of fixed size. Throws InputError: no cases,
/// a patch that does not fit the network.
RunPlan planRun(const core::RunConfig& config, const TrainingData& data);

}  // namespace rind::training
