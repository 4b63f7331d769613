#include "rind/sampling/intensity.h"

#include <algorithm>
#include <cmath>

namespace rind::sampling {
namespace {

constexpr double kContrast = 0.25;
constexpr double kBrightness = 0.1;  // of the standard deviation
constexpr double kNoise = 0.15;      // of the standard deviation
constexpr double kGamma = 0.7;

struct Moments {
  double mean = 0;
  double deviation = 0;
};

Moments momentsOf(std::span<const float> values) {
  double sum = 0, squares = 0;
  for (const double value : values) {
    sum += value;
    squares += value * value;
  }
  const auto count = static_cast<double>(values.size());
  const double mean = sum / count;
  return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean))};
}

void bend(std::span<float> channel, double gamma) {
  const auto [least, most] = std::minmax_element(channel.begin(), channel.end());
  const float low = *least;
  const float range = *most - low;
  if (range <= 0) return;
  for (float& value : channel)
    value = low + range * std::pow((value - low) / range, static_cast<float>(gamma));
}

}  // namespace

void changeIntensity(std::span<float> channel, double probability, core::RandomStream& random) {
  if (channel.empty() || probability <= 0) return;
  const auto [mean, deviation] = momentsOf(channel);
  const bool contrasts = random.uniform() < probability;
  const bool shifts = random.uniform() < probability;
  const bool bends = random.uniform() < probability;
  const bool roughens = random.uniform() < probability;
  const auto factor = static_cast<float>(contrasts ? random.uniform(1 - kContrast, 1 + kContrast) : 1);
  const auto shift = static_cast<float>(shifts ? kBrightness * deviation * random.normal() : 0);
  const auto about = static_cast<float>(mean);
  if (contrasts || shifts)
    for (float& value : channel) value = (value - about) * factor + about + shift;
  if (bends) bend(channel, std::pow(kGamma, random.uniform(-1, 1)));
  const double noise = kNoise * deviation * random.uniform();
  if (roughens && noise > 0)
    for (float& value : channel) value += static_cast<float>(noise * random.normal());
}

}  // namespace rind::sampling
