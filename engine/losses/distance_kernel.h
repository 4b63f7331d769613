#pragma once

#include <cstdint>

namespace rind::losses {

/// Squared distances in voxels; kFar where no border is in reach.
using SquaredDistance = std::int32_t;
constexpr SquaredDistance kFar = 1 << 30;

/// One axis of the separable Euclidean distance transform, on rows of `width` voxels. Row q of the input lies
/// at position q + shift of the axis, row k of the output at k.
struct AxisPass {
  std::int64_t input_rows, output_rows, shift;
  std::int64_t input_stride, output_stride;  // voxels from row to row
  std::int64_t width;
  std::int64_t reach;  // rows further away than this change nothing
};

/// output[k] = min over rows q in reach of input[q] + (k − q − shift)², and at most kFar.
void squaredDistanceAlong(const AxisPass& pass, const SquaredDistance* input, SquaredDistance* output);

}  // namespace rind::losses
