#pragma once

#include "rind/core/run_config.h"

namespace rind::training {

/// The rate for a step. `progress` is the share of the training done, in [0, 1). "paper": halved at epochs 20
/// and 40 of 50 (Protocol), so at 40 % and 80 % of any length; "cosine": to 0 along half a cosine after a
/// warm-up of 2 %.
double learningRate(const core::RunConfig& config, double progress);

}  // namespace rind::training
