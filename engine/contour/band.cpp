#include "rind/contour/band.h"

#include <algorithm>
#include <array>

#include "rind/contour/band_kernel.h"
#include "rind/contour/depth_map.h"

namespace rind::contour {
namespace {

/// One limit for every label a byte can hold, so that the loop over voxels is one table look-up and one
/// comparison. `largest` is the greatest depth that is known to be finite.
template <class Depth>
std::array<Depth, 256> limits(const std::vector<int>& thickness, bool include_background, int largest) {
  std::array<Depth, 256> limit = {};
  const std::size_t classes = std::min<std::size_t>(thickness.size(), limit.size());
  for (std::size_t j = include_background ? 0 : 1; j < classes; ++j)
    limit[j] = static_cast<Depth>(std::clamp(thickness[j], 0, largest));
  return limit;
}

/// Voxels a thread takes at a time.
constexpr std::int64_t kBlock = 1 << 16;

}  // namespace

// Depths are at least 1, so a limit of 0 is an empty band.
void bandMask(core::LabelView labels, core::DepthView depth, const std::vector<int>& thickness,
              bool include_background, std::uint8_t* out) {
  const auto limit = limits<std::uint8_t>(thickness, include_background, kLargestCap);
  const auto count = static_cast<std::int64_t>(labels.count());
  const int classes = static_cast<int>(std::min<std::size_t>(thickness.size(), limit.size()));
#pragma omp parallel for schedule(static) if (count > kBlock)
  for (std::int64_t at = 0; at < count; at += kBlock)
    maskWithin(labels.data + at, depth.data + at, limit, classes, std::min(kBlock, count - at), out + at);
}

void bandMask(core::LabelView labels, core::VolumeView<std::int16_t> depth, const std::vector<int>& thickness,
              bool include_background, std::uint8_t* out) {
  const auto limit = limits<std::int16_t>(thickness, include_background, kInfiniteDepth - 1);
  const auto count = static_cast<std::int64_t>(labels.count());
#pragma omp parallel for schedule(static) if (count > kBlock)
  for (std::int64_t i = 0; i < count; ++i) out[i] = depth.data[i] <= limit[labels.data[i]];
}

void bandMask(core::LabelView labels, int thickness, core::Border border, bool include_background,
              std::uint8_t* out) {
  if (thickness >= 1 && thickness <= kThickestWithoutMap)
    return bandWithoutMap(labels, thickness, border, include_background, out);
  const core::DepthVolume depth = depthMap(labels, std::clamp(thickness, 1, kLargestCap), border);
  bandMask(labels, depth, std::vector<int>(256, thickness), include_background, out);
}

}  // namespace rind::contour
