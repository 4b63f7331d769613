#include <algorithm>
#include <vector>

#include "rind/contour/depth_map.h"

namespace rind::contour {
namespace {

/// Voxels from index `at` to the nearer face of an axis: 1 on the face itself, 255 where the axis does not
/// count.
std::uint8_t toFace(std::int64_t at, std::int64_t extent) {
  if (extent == 1) return 255;
  return static_cast<std::uint8_t>(std::clamp<std::int64_t>(std::min(at + 1, extent - at), 1, 255));
}

}  // namespace

void applyZeroBorder(core::DepthVolume& patch, const core::Index3& corner, const core::Extent3& whole) {
  const core::Extent3 size = patch.size;
  std::vector<std::uint8_t> along_x(static_cast<std::size_t>(size.x));
  for (std::size_t x = 0; x < along_x.size(); ++x)
    along_x[x] = toFace(corner.x + static_cast<std::int64_t>(x), whole.x);
  for (std::int64_t z = 0; z < size.z; ++z) {
    const std::uint8_t along_z = toFace(corner.z + z, whole.z);
    for (std::int64_t y = 0; y < size.y; ++y) {
      const std::uint8_t limit = std::min(along_z, toFace(corner.y + y, whole.y));
      std::uint8_t* row = &patch[{z, y, 0}];
      for (std::size_t x = 0; x < along_x.size(); ++x) row[x] = std::min({row[x], limit, along_x[x]});
    }
  }
}

}  // namespace rind::contour
