#pragma once

#include <cstdint>
#include <vector>

#include "rind/core/preprocessing.h"

namespace rind::datasets {

struct GridAxis {
  std::int64_t size = 1;
  double spacing = 1;
};

/// What the points of one axis are made of: `weights[i]` times the source from `first[i]` on; each sums to 1.
struct AxisWeights {
  std::vector<std::int64_t> first;
  std::vector<std::vector<float>> weights;
  bool same = false;
  /// The weights are for B-spline coefficients, not for voxels.
  bool spline = false;
};

/// Between axes that cover the same length. Linear: triangles of half-width max(1, ratio) source voxels
/// around
/// ((i + ½)·ratio − ½), the edge repeated outside. Cubic B-splines where they are asked for and `to` is
/// finer, mirrored outside.
AxisWeights axisWeights(const GridAxis& from, const GridAxis& to, core::Interpolation interpolation);

/// Voxels of [extent, inner] to the coefficients of the cubic B-spline through them along the first axis, in
/// place (M. Unser, "Splines: a perfect fit for signal and image processing", 1999), mirrored at both ends.
void splineCoefficients(float* voxels, std::int64_t extent, std::int64_t inner);

}  // namespace rind::datasets
