#pragma once

#include <cstdint>

#include "rind/core/run_config.h"

namespace rind::training {

/// The rate for a step. `progress` is the share of the training done, in [0, 1). "paper": halved at epochs 20
/// and 40 of 50 (Protocol), so at 40 % and 80 % of any length; "cosine": to 0 along half a cosine;
/// "polynomial": (1 − progress)^0.9 (Chen et al. 2018). A warm-up rises to the rate in a line, and cosine and
/// polynomial begin after it.
double learningRate(const core::RunConfig& config, double progress);

/// The decay of the running average of weights at a step: `decay`, but less at first, (1 + steps)/(10 +
/// steps), so that the random weights of the beginning are forgotten within a few steps (as TensorFlow's
/// ExponentialMovingAverage).
double averageDecay(double decay, std::int64_t steps_before);

}  // namespace rind::training
