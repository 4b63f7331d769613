#pragma once

#include <atomic>

#include "rind/rendering/surfaces.h"

namespace rind::rendering {

/// Copies of predicted surfaces with a number at each point: its distance in millimetres to the reference's
/// surface of the same class, negative inside of it. A class that the reference lacks is +kFar throughout.
std::vector<Surface> withDistance(const std::vector<Surface>& predicted,
                                  const std::vector<Surface>& reference, const models::LoadedCase& loaded,
                                  const std::atomic<bool>& cancel);
constexpr double kFar = 1e6;

/// Copies of reference surfaces with the heat map's level (0 to 1) at each point, the greatest of the voxel
/// and its neighbours: a surface runs between voxels.
std::vector<Surface> withHeat(const std::vector<Surface>& reference, const core::Geometry& geometry,
                              const models::HeatMap& heat, const std::atomic<bool>& cancel);

/// A round number of millimetres that holds 98 in 100 of the distances, for the colours' range.
double rangeOf(const std::vector<Surface>& painted);

}  // namespace rind::rendering
