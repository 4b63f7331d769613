#pragma once

#include <algorithm>

#include "rind/core/random.h"
#include "rind/core/volume.h"

namespace rind::contour::test {

/// Boxes of random labels over background: organs that touch, overlap and are cut by the border, and a few
/// voxels of noise.
inline core::LabelVolume randomLabels(const core::Extent3& size, std::uint32_t sample, int classes = 6) {
  core::RandomStream random(7, core::Purpose::phantom, 0, sample);
  core::LabelVolume labels(size);
  const auto below = [&](std::int64_t n) {
    return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(n)));
  };
  for (int box = 0; box < 2 * classes; ++box) {
    const auto value = static_cast<std::uint8_t>(below(classes));
    const core::Index3 from = {below(size.z), below(size.y), below(size.x)};
    const core::Index3 to = {std::min(size.z, from.z + 1 + below(size.z)),
                             std::min(size.y, from.y + 1 + below(size.y)),
                             std::min(size.x, from.x + 1 + below(size.x))};
    for (std::int64_t z = from.z; z < to.z; ++z)
      for (std::int64_t y = from.y; y < to.y; ++y)
        for (std::int64_t x = from.x; x < to.x; ++x) labels[{z, y, x}] = value;
  }
  for (std::int64_t i = 0; i < size.voxels() / 2000; ++i)
    labels[{below(size.z), below(size.y), below(size.x)}] = static_cast<std::uint8_t>(below(classes));
  return labels;
}

/// Shapes with axes of one voxel, rows of less than, exactly and more than 64 voxels, tiny and long ones.
inline std::vector<core::Extent3> awkwardShapes() {
  return {{1, 1, 1},   {2, 1, 1},    {1, 3, 1},   {1, 1, 70}, {1, 40, 33},  {20, 1, 65},  {30, 40, 1},
          {2, 2, 2},   {3, 3, 3},    {5, 7, 63},  {6, 8, 64}, {9, 5, 65},   {4, 30, 127}, {4, 4, 128},
          {7, 6, 129}, {40, 24, 20}, {3, 90, 10}, {60, 3, 5}, {17, 33, 70}, {12, 12, 200}};
}

}  // namespace rind::contour::test
