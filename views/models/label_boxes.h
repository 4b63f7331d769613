#pragma once

#include <vector>

#include "rind/core/volume.h"

namespace rind::models {

/// Voxels from `low` to `high`, both inside; empty where `high` lies before `low`.
struct Box {
  core::Index3 low{0, 0, 0};
  core::Index3 high{-1, -1, -1};

  bool empty() const { return high.z < low.z || high.y < low.y || high.x < low.x; }
  std::int64_t voxels() const {
    return empty() ? 0 : (high.z - low.z + 1) * (high.y - low.y + 1) * (high.x - low.x + 1);
  }
};

/// Around each class; index = class, [0] (background) left empty. Labels >= `classes` are left out.
std::vector<Box> boxesOf(core::LabelView labels, std::size_t classes);

}  // namespace rind::models
