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

/// Draws the slice through the cursor with its layers: image (linear), labels (nearest), the prediction as an
/// outline. `pixels` becomes width·height values 0xAARRGGBB, `outside` where there is no voxel.
void composeSlice(const CaseModel& model, const PlaneAxes& axes, const SliceFrame& frame,
                  std::vector<std::uint32_t>& pixels, std::uint32_t outside = kOutsideOfImage);

}  // namespace rind::models
