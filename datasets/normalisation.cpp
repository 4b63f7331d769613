#include "rind/datasets/normalisation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace rind::datasets {
namespace {

struct Moments {
  double mean = 0;
  double deviation = 0;
};

/// Over all voxels, or over those that are not 0. Eight sums side by side, so that the compiler can use
/// vectors.
Moments momentsOf(const float* voxels, std::size_t count, bool without_zero) {
  constexpr std::size_t kLanes = 8;
  std::array<double, kLanes> sum = {}, squares = {}, used = {};
  const double shift = static_cast<double>(voxels[count / 2]);  // against cancellation
  const auto add = [&](std::size_t lane, float voxel) {
    const double taken = without_zero && voxel == 0 ? 0 : 1;
    const double value = taken * (static_cast<double>(voxel) - shift);
    sum[lane] += value;
    squares[lane] += value * value;
    used[lane] += taken;
  };
  const std::size_t whole = count / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) add(lane, voxels[i + lane]);
  for (std::size_t i = whole; i < count; ++i) add(i - whole, voxels[i]);
  const auto total = [](const std::array<double, kLanes>& lanes) {
    return std::accumulate(lanes.begin(), lanes.end(), 0.0);
  };
  const double all = total(used);
  if (all == 0) return {};
  const double mean = total(sum) / all;
  return {mean + shift, std::sqrt(std::max(0.0, total(squares) / all - mean * mean))};
}

void clipToPercentiles(float* voxels, std::size_t count) {
  constexpr std::size_t kMost = 1'000'000;
  const std::size_t stride = std::max<std::size_t>(1, (count + kMost - 1) / kMost);
  std::vector<float> sample;
  for (std::size_t i = 0; i < count; i += stride) sample.push_back(voxels[i]);
  const auto percentile = [&](double share) {
    const auto at =
        sample.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(sample.size() - 1) + 0.5);
    std::nth_element(sample.begin(), at, sample.end());
    return *at;
  };
  const float low = percentile(0.005);
  const float high = percentile(0.995);
  for (std::size_t i = 0; i < count; ++i) voxels[i] = std::clamp(voxels[i], low, high);
}

}  // namespace

void normalise(float* voxels, std::size_t count, core::Normalisation normalisation) {
  if (count == 0) return;
  const bool without_zero = normalisation == core::Normalisation::zscore_nonzero;
  if (normalisation == core::Normalisation::ct) clipToPercentiles(voxels, count);
  const Moments moments = momentsOf(voxels, count, without_zero);
  const bool constant = moments.deviation <= 1e-7 * std::abs(moments.mean) || moments.deviation == 0;
  const auto mean = static_cast<float>(moments.mean);
  const float scale = constant ? 0.0F : static_cast<float>(1 / moments.deviation);
  if (without_zero)
    for (std::size_t i = 0; i < count; ++i) voxels[i] = voxels[i] == 0 ? 0.0F : (voxels[i] - mean) * scale;
  else
    for (std::size_t i = 0; i < count; ++i) voxels[i] = (voxels[i] - mean) * scale;
}

std::size_t firstNotFinite(const float* voxels, std::size_t count) {
  constexpr std::size_t kBlock = 4096;
  for (std::size_t start = 0; start < count; start += kBlock) {
    const std::size_t end = std::min(count, start + kBlock);
    float sum = 0;  // x·0 is 0 for every finite x and NaN otherwise
    for (std::size_t i = start; i < end; ++i) sum += voxels[i] * 0.0F;
    if (sum == 0) continue;
    for (std::size_t i = start; i < end; ++i)
      if (!std::isfinite(voxels[i])) return i;
  }
  return count;
}

}  // namespace rind::datasets
