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

/// Of a few thousand voxels: sums of floats are exact enough, and lanes side by side let the compiler use
/// vectors.
struct BlockSums {
  static constexpr std::size_t kLanes = 16;
  std::array<float, kLanes> sum = {}, squares = {}, used = {};

  void add(std::size_t lane, float voxel, float shift, bool without_zero) {
    const float taken = without_zero && voxel == 0 ? 0.0F : 1.0F;
    const float value = taken * (voxel - shift);
    sum[lane] += value;
    squares[lane] += value * value;
    used[lane] += taken;
  }
};

/// Roughly the mean, so that squares of what is subtracted from it do not cancel.
float roughMean(const float* voxels, std::size_t count, bool without_zero) {
  const std::size_t stride = std::max<std::size_t>(1, count / 1009);
  double sum = 0, used = 0;
  for (std::size_t i = 0; i < count; i += stride) {
    if (without_zero && voxels[i] == 0) continue;
    sum += static_cast<double>(voxels[i]);
    ++used;
  }
  return used == 0 ? 0.0F : static_cast<float>(sum / used);
}

double total(const std::array<float, BlockSums::kLanes>& lanes) {
  return std::accumulate(lanes.begin(), lanes.end(), 0.0);
}

/// Over all voxels, or over those that are not 0.
Moments momentsOf(const float* voxels, std::size_t count, bool without_zero) {
  constexpr std::size_t kBlock = 4096, kLanes = BlockSums::kLanes;
  const float shift = roughMean(voxels, count, without_zero);
  double sum = 0, squares = 0, used = 0;
  for (std::size_t start = 0; start < count; start += kBlock) {
    const std::size_t end = std::min(count, start + kBlock), whole = start + (end - start) / kLanes * kLanes;
    BlockSums block;
    for (std::size_t i = start; i < whole; i += kLanes)
      for (std::size_t lane = 0; lane < kLanes; ++lane)
        block.add(lane, voxels[i + lane], shift, without_zero);
    for (std::size_t i = whole; i < end; ++i) block.add(i - whole, voxels[i], shift, without_zero);
    sum += total(block.sum);
    squares += total(block.squares);
    used += total(block.used);
  }
  if (used == 0) return {};
  const double mean = sum / used;
  return {mean + static_cast<double>(shift), std::sqrt(std::max(0.0, squares / used - mean * mean))};
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
