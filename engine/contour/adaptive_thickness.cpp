#include "rind/contour/adaptive_thickness.h"

#include <algorithm>
#include <cmath>

#include "rind/contour/depth_map.h"

namespace rind::contour {
namespace {

/// Voxels of one class by depth; the last entry holds those of infinite depth.
struct DepthCounts {
  const std::uint64_t* counts = nullptr;
  int infinite = 0;
};

std::uint64_t total(const DepthCounts& depths) {
  std::uint64_t sum = 0;
  for (int t = 1; t <= depths.infinite; ++t) sum += depths.counts[t];
  return sum;
}

int shareThickness(const DepthCounts& depths, double share, int largest) {
  const double allowed = share * static_cast<double>(total(depths));
  std::uint64_t in_band = 0;
  int thickness = 1;
  for (int t = 1; t <= std::min(largest, depths.infinite - 1); ++t) {
    in_band += depths.counts[t];
    if (static_cast<double>(in_band) > allowed) break;
    thickness = t;
  }
  return thickness;
}

int inradiusThickness(const DepthCounts& depths, double fraction, int largest) {
  int inradius = depths.infinite;
  while (depths.counts[inradius] == 0) --inradius;
  if (inradius == depths.infinite) return largest;
  return std::clamp(static_cast<int>(std::floor(fraction * inradius + 0.5)), 1, largest);
}

int adaptiveThickness(const DepthCounts& depths, const core::Adaptive& adaptive, int largest) {
  if (largest == 0 || total(depths) == 0) return 0;
  return adaptive.rule == core::AdaptiveRule::share ? shareThickness(depths, adaptive.value, largest)
                                                    : inradiusThickness(depths, adaptive.value, largest);
}

/// settings.thickness() without the overflow of absurd settings, at most `limit`.
int cappedThickness(const core::ContourSettings& settings, int limit) {
  const std::int64_t wanted = std::int64_t{settings.iterations} * ((settings.kernel - 1) / 2);
  return static_cast<int>(std::clamp<std::int64_t>(wanted, 0, limit));
}

/// Adds the voxels of one volume to counts[label * depths + depth], every thread in a table of its own.
template <class Depth>
void countDepths(core::LabelView labels, const Depth* depth, std::size_t depths,
                 std::vector<std::uint64_t>& counts) {
  const auto voxels = static_cast<std::int64_t>(labels.count());
#pragma omp parallel if (voxels > 1 << 16)
  {
    std::vector<std::uint64_t> mine(counts.size());
#pragma omp for schedule(static) nowait
    for (std::int64_t i = 0; i < voxels; ++i) {
      const std::size_t bin = std::min(static_cast<std::size_t>(depth[i]), depths - 1);
      const std::size_t at = labels.data[i] * depths + bin;
      if (at < mine.size()) ++mine[at];
    }
#pragma omp critical(rind_contour_count_depths)
    for (std::size_t i = 0; i < mine.size(); ++i) counts[i] += mine[i];
  }
}

}  // namespace

DepthHistogram depthHistogram(core::LabelView labels, core::DepthView depth, int classes) {
  constexpr std::size_t depths = 256;
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(classes) * depths);
  countDepths(labels, depth.data, depths, counts);
  DepthHistogram histogram;
  histogram.counts.resize(static_cast<std::size_t>(classes));
  for (std::size_t j = 0; j < histogram.counts.size(); ++j)
    std::copy_n(counts.begin() + static_cast<std::ptrdiff_t>(j * depths), depths,
                histogram.counts[j].begin());
  return histogram;
}

DepthHistogram zeroBorderHistogram(core::LabelView labels, core::DepthView depth, int classes) {
  core::DepthVolume cut(depth.size);
  std::copy_n(depth.data, cut.voxels.size(), cut.voxels.begin());
  applyZeroBorder(cut, {}, depth.size);
  return depthHistogram(labels, cut, classes);
}

std::vector<int> bandThickness(const DepthHistogram& histogram, const core::ContourSettings& settings) {
  const int largest = cappedThickness(settings, kLargestCap);
  std::vector<int> thickness(histogram.counts.size(), largest);
  if (settings.adaptive.rule == core::AdaptiveRule::off) return thickness;
  for (std::size_t j = 1; j < thickness.size(); ++j)
    thickness[j] =
        adaptiveThickness({histogram.counts[j].data(), kLargestCap + 1}, settings.adaptive, largest);
  return thickness;
}

std::vector<int> bandThickness(core::LabelView labels, core::VolumeView<std::int16_t> depth, int classes,
                               const core::ContourSettings& settings) {
  const int largest = cappedThickness(settings, kInfiniteDepth - 1);
  std::vector<int> thickness(static_cast<std::size_t>(classes), largest);
  if (settings.adaptive.rule == core::AdaptiveRule::off) return thickness;
  // A finite depth is at most the longest axis; beyond it comes the infinite one.
  const auto longest = std::max({depth.size.z, depth.size.y, depth.size.x});
  const int infinite = static_cast<int>(std::min<std::int64_t>(longest + 1, kInfiniteDepth));
  const std::size_t depths = static_cast<std::size_t>(infinite) + 1;
  std::vector<std::uint64_t> counts(thickness.size() * depths);
  countDepths(labels, depth.data, depths, counts);
  for (std::size_t j = 1; j < thickness.size(); ++j)
    thickness[j] = adaptiveThickness({&counts[j * depths], infinite}, settings.adaptive, largest);
  return thickness;
}

}  // namespace rind::contour
