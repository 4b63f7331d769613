#pragma once

#include <vector>

#include "rind/core/geometry.h"
#include "rind/metrics/surface_points.h"

namespace rind::metrics {

/// The exact Euclidean distance in mm from each of `from` to the nearest of `to`, in the order of `from`.
/// Both are in raster order and not empty.
std::vector<double> nearestDistances(const std::vector<SurfacePoint>& from,
                                     const std::vector<SurfacePoint>& to, const core::Spacing& spacing);

/// The most memory that nearestDistances asks for beside its arguments, and its result with as many weights,
/// in bytes; 0 where one of them is empty.
double bytesForDistances(const std::vector<SurfacePoint>& from, const std::vector<SurfacePoint>& to);

}  // namespace rind::metrics
