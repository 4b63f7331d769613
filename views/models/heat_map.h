#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rind/core/geometry.h"

namespace rind::models {

/// The size of a loss's gradient by voxel, over a part of the case: 255·sqrt(g/largest).
struct HeatMap {
  core::Index3 start;
  core::Extent3 size;
  std::vector<std::uint8_t> levels;
  double largest = 0;
  std::string loss;

  bool contains(const core::Index3& voxel) const {
    return voxel.z >= start.z && voxel.y >= start.y && voxel.x >= start.x && voxel.z < start.z + size.z &&
           voxel.y < start.y + size.y && voxel.x < start.x + size.x;
  }
  /// 0 outside.
  std::uint8_t at(const core::Index3& voxel) const {
    if (!contains(voxel)) return 0;
    const auto place = ((voxel.z - start.z) * size.y + voxel.y - start.y) * size.x + voxel.x - start.x;
    return levels[static_cast<std::size_t>(place)];
  }
  /// |dL/dlogits| of the voxel, summed over classes.
  double gradientAt(const core::Index3& voxel) const {
    const double level = at(voxel) / 255.0;
    return level * level * largest;
  }
};

/// From black over violet and orange to pale yellow, even in lightness (as in matplotlib's "inferno");
/// 0xAARRGGBB.
std::uint32_t heatColour(std::uint8_t level);

}  // namespace rind::models
