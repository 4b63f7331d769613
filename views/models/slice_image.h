#pragma once

#include <cstdint>
#include <vector>

#include "rind/models/plane_axes.h"

namespace rind::models {

/// Colours of the error layer: missed (in the reference only), invented (in the prediction only), confused
/// (two different organs); told apart by the colour-blind too.
constexpr std::uint32_t kMissed = 0xFF56B4E9;
constexpr std::uint32_t kInvented = 0xFFE69F00;
constexpr std::uint32_t kConfused = 0xFFCC79A7;

constexpr std::uint32_t kOutsideOfImage = 0xFF000000;

/// Voxels from one to the nearer face along an array axis, itself counted, as applyZeroBorder has it; an axis
/// of one voxel is no axis: 255.
std::int64_t roomAlong(const core::Extent3& size, int axis, std::int64_t at);

/// How deep a voxel lies in its class by the border that is set: it is band where that is at most the class's
/// thickness.
std::int64_t bandDepth(const CaseModel& model, const core::Index3& voxel);

/// Draws the slice through the cursor with its layers: image (linear), labels (nearest), the prediction as an
/// outline. `pixels` becomes width·height values 0xAARRGGBB, `outside` where there is no voxel.
void composeSlice(const CaseModel& model, const PlaneAxes& axes, const SliceFrame& frame,
                  std::vector<std::uint32_t>& pixels, std::uint32_t outside = kOutsideOfImage);

}  // namespace rind::models
