// Normals of the surface through a corner: those of DeepMind's `surface-distance` (Copyright 2018 Google
// Inc., Apache License 2.0), whose table of 256 codes comes down to the fourteen below.
#include <cmath>

#include "rind/metrics/surface_points.h"

namespace rind::metrics {
namespace {

/// |normal| in eighths, (z, y, x).
struct Normal {
  int z = 0, y = 0, x = 0;
};

struct CornerKind {
  unsigned code;
  std::array<Normal, 4> normals;
};

/// One code of each kind of corner. Turning or mirroring the cube turns the normals with it, and a mask and
/// its complement have the same surface: all 256 codes follow.
constexpr std::array<CornerKind, 14> kKinds = {{
    {0, {}},
    {1, {{{1, 1, 1}}}},
    {3, {{{2, 2, 0}, {2, 2, 0}}}},
    {6, {{{1, 1, 1}, {1, 1, 1}}}},
    {7, {{{4, 0, 0}, {2, 2, 2}, {1, 1, 1}}}},
    {15, {{{4, 0, 0}, {4, 0, 0}}}},
    {22, {{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}}}},
    {23, {{{1, 1, 1}, {2, 2, 2}, {2, 2, 2}, {1, 1, 1}}}},
    {24, {{{1, 1, 1}, {1, 1, 1}}}},
    {25, {{{0, 2, 2}, {0, 2, 2}, {1, 1, 1}}}},
    {27, {{{1, 1, 1}, {3, 3, 3}, {0, 2, 2}, {2, 0, 2}}}},
    {30, {{{4, 0, 0}, {1, 1, 1}, {2, 2, 2}, {1, 1, 1}}}},
    {60, {{{2, 2, 0}, {2, 2, 0}, {2, 2, 0}, {2, 2, 0}}}},
    {105, {{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}}}},
}};

using Axes = std::array<int, 3>;

/// The code of the mask whose voxel with bits (a, b, c) along z, y, x is the voxel of `code` with bit axes[k]
/// along axis k, mirrored along the axes of `mirrored`.
unsigned turned(unsigned code, const Axes& axes, unsigned mirrored) {
  unsigned result = 0;
  for (unsigned voxel = 0; voxel < 8; ++voxel) {
    unsigned target = 0;
    for (const int axis : axes) target = target << 1 | ((voxel >> (2 - axis)) & 1);
    if ((code >> (7 - voxel)) & 1) result |= 1u << (7 - (target ^ mirrored));
  }
  return result;
}

double area(const std::array<Normal, 4>& normals, const Axes& axes, const core::Spacing& s) {
  double sum = 0;
  for (const Normal& normal : normals) {
    const std::array<double, 3> n = {normal.z / 8.0, normal.y / 8.0, normal.x / 8.0};
    const auto along = [&](int k) { return n[static_cast<std::size_t>(axes[static_cast<std::size_t>(k)])]; };
    const double z = along(0) * s.y * s.x, y = along(1) * s.z * s.x, x = along(2) * s.z * s.y;
    sum += std::sqrt(z * z + y * y + x * x);
  }
  return sum;
}

}  // namespace

std::array<double, 256> pointWeights(Surface surface, const core::Spacing& spacing) {
  std::array<double, 256> weights;
  weights.fill(1);
  if (surface == Surface::voxel) return weights;
  constexpr std::array<Axes, 6> kTurns = {{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};
  for (const CornerKind& kind : kKinds)
    for (const Axes& axes : kTurns)
      for (unsigned mirrored = 0; mirrored < 8; ++mirrored) {
        const unsigned code = turned(kind.code, axes, mirrored);
        weights[code] = weights[255 - code] = area(kind.normals, axes, spacing);
      }
  return weights;
}

}  // namespace rind::metrics
