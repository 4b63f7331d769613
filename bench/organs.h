#pragma once

#include <cmath>
#include <cstdint>

#include "rind/core/random.h"
#include "rind/core/volume.h"

namespace rind::bench {

/// `count` ellipsoids of different sizes in background, on a grid so that most touch none and a few touch
/// others: the abdominal picture that every benchmark here uses. `shift` moves all by that many voxels (a
/// prediction beside a reference).
inline core::LabelVolume organs(const core::Extent3& size, int count = 15, double shift = 0) {
  core::LabelVolume labels(size);
  core::RandomStream random(3, core::Purpose::phantom, 0, 0);
  for (int j = 1; j <= count; ++j) {
    const auto centre = [&](std::int64_t n) {
      return static_cast<double>(n) * random.uniform(0.2, 0.8) + shift;
    };
    const double cz = centre(size.z), cy = centre(size.y), cx = centre(size.x);
    const auto radius = [&](std::int64_t n) { return static_cast<double>(n) * random.uniform(0.04, 0.17); };
    const double rz = radius(size.z), ry = radius(size.y), rx = radius(size.x);
    for (std::int64_t z = 0; z < size.z; ++z)
      for (std::int64_t y = 0; y < size.y; ++y)
        for (std::int64_t x = 0; x < size.x; ++x) {
          const double dz = (static_cast<double>(z) - cz) / rz, dy = (static_cast<double>(y) - cy) / ry,
                       dx = (static_cast<double>(x) - cx) / rx;
          if (dz * dz + dy * dy + dx * dx <= 1) labels[{z, y, x}] = static_cast<std::uint8_t>(j);
        }
  }
  return labels;
}

}  // namespace rind::bench
