#include "rind/training/learning_rate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rind::training {

double learningRate(const core::RunConfig& config, double progress) {
  const double rate = config.learning_rate;
  if (config.schedule == "constant") return rate;
  if (config.schedule == "paper") return rate * (progress < 0.4 ? 1 : progress < 0.8 ? 0.5 : 0.25);
  constexpr double kWarmUp = 0.02;
  if (progress < kWarmUp) return rate * std::max(progress, 1e-3) / kWarmUp;
  return rate * 0.5 * (1 + std::cos(std::numbers::pi * (progress - kWarmUp) / (1 - kWarmUp)));
}

}  // namespace rind::training
