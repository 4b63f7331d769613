#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "rind/core/geometry.h"
#include "rind/core/volume.h"
#include "rind/metrics/class_score.h"

namespace rind::metrics {

/// A voxel of a surface, or the corner before voxel (z, y, x) in the case of surfels. `code` selects its
/// weight.
struct SurfacePoint {
  std::int32_t z = 0, y = 0, x = 0;
  std::uint8_t code = 0;
};

/// The surface of every class (index = class, [0] empty), in raster order whatever the number of threads.
std::vector<std::vector<SurfacePoint>> surfacePoints(core::LabelView labels, int classes, Surface surface);

/// The weight of a point by its code: 1, or the area in mm² of the surface through a corner whose eight
/// voxels (dz,dy,dx = 000, 001, …, 111 as bits 128, 64, …, 1) are in or out of the mask.
std::array<double, 256> pointWeights(Surface surface, const core::Spacing& spacing);

}  // namespace rind::metrics
