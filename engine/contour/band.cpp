#include "rind/contour/band.h"

#include <algorithm>
#include <array>

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

/// Depths are at least 1, so a limit of 0 is an empty band.
template <class Depth>
void mask(core::LabelView labels, const Depth* depth, const std::array<Depth, 256>& limit,
          std::uint8_t* out) {
  const auto count = static_cast<std::int64_t>(labels.count());
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < count; ++i) out[i] = depth[i] <= limit[labels.data[i]];
}

}  // namespace

void bandMask(core::LabelView labels, core::DepthView depth, const std::vector<int>& thickness,
              bool include_background, std::uint8_t* out) {
  mask(labels, depth.data, limits<std::uint8_t>(thickness, include_background, kLargestCap), out);
}

void bandMask(core::LabelView labels, core::VolumeView<std::int16_t> depth, const std::vector<int>& thickness,
              bool include_background, std::uint8_t* out) {
  mask(labels, depth.data, limits<std::int16_t>(thickness, include_background, kInfiniteDepth - 1), out);
}

}  // namespace rind::contour
