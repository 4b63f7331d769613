#include "rind/training/learning_rate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rind::training {

double learningRate(const core::RunConfig& config, double progress) {
  constexpr double kPower = 0.9;
  const double rate = config.learning_rate;
  const double warm_up = config.warm_up.value_or(config.schedule == "cosine" ? 0.02 : 0);
  if (progress < warm_up) return rate * std::min(1.0, std::max(progress, 1e-3) / warm_up);
  const double after = warm_up < 1 ? (progress - warm_up) / (1 - warm_up) : 0;
  if (config.schedule == "cosine") return rate * 0.5 * (1 + std::cos(std::numbers::pi * after));
  if (config.schedule == "polynomial") return rate * std::pow(std::max(0.0, 1 - after), kPower);
  if (config.schedule == "paper") return rate * (progress < 0.4 ? 1 : progress < 0.8 ? 0.5 : 0.25);
  return rate;
}

double averageDecay(double decay, std::int64_t steps_before) {
  const auto steps = static_cast<double>(steps_before);
  return std::min(decay, (1 + steps) / (10 + steps));
}

}  // namespace rind::training
