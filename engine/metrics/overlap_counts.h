#pragma once

#include <cstdint>
#include <vector>

#include "rind/core/volume.h"

namespace rind::metrics {

/// Voxels of one class in the reference, the prediction and both.
struct OverlapCounts {
  std::uint64_t reference = 0;
  std::uint64_t prediction = 0;
  std::uint64_t both = 0;
};

/// One entry per class, labels >= `classes` left out. The volumes have the same size.
std::vector<OverlapCounts> overlapCounts(core::LabelView reference, core::LabelView prediction, int classes);

}  // namespace rind::metrics
