#include "rind/datasets/cropping.h"

#include <array>
#include <cmath>

namespace rind::datasets {
namespace {

/// Grows from nothing.
struct Reach {
  std::int64_t first = INT64_MAX;
  std::int64_t last = -1;

  void add(std::int64_t at) {
    first = std::min(first, at);
    last = std::max(last, at);
  }
};

constexpr std::array kAxes = {&core::Extent3::z, &core::Extent3::y, &core::Extent3::x};

}  // namespace

Box nonzeroBox(const float* image, int channels, const core::Extent3& size) {
  Reach z, y, x;
  const auto set = [](float voxel) { return voxel != 0; };
  for (std::int64_t row = 0; row < channels * size.z * size.y; ++row) {
    const float* line = image + row * size.x;
    const float* first = std::find_if(line, line + size.x, set);
    if (first == line + size.x) continue;
    const float* last = line + size.x - 1;
    while (!set(*last)) --last;
    z.add(row / size.y % size.z);
    y.add(row % size.y);
    x.add(first - line);
    x.add(last - line);
  }
  if (z.last < 0) return {{0, 0, 0}, size};
  return {{z.first, y.first, x.first}, {z.last - z.first + 1, y.last - y.first + 1, x.last - x.first + 1}};
}

Box onGrid(const Box& box, const core::Extent3& from, const core::Extent3& to) {
  Box out;
  for (const auto axis : kAxes) {
    const double ratio = static_cast<double>(to.*axis) / static_cast<double>(from.*axis);
    const auto first =
        static_cast<std::int64_t>(std::floor(static_cast<double>(box.from.*axis) * ratio + 1e-9));
    const auto end = static_cast<std::int64_t>(
        std::ceil(static_cast<double>(box.from.*axis + box.size.*axis) * ratio - 1e-9));
    out.from.*axis = std::clamp<std::int64_t>(first, 0, to.*axis - 1);
    out.size.*axis = std::clamp<std::int64_t>(end, out.from.*axis + 1, to.*axis) - out.from.*axis;
  }
  return out;
}

Box around(const Box& box, const core::Extent3& largest, const core::Extent3& size) {
  Box out = box;
  for (const auto axis : kAxes) {
    if (largest.*axis == 0) continue;
    const std::int64_t extent = std::min(largest.*axis, size.*axis);
    const std::int64_t twice_middle = 2 * (box.from.*axis) + box.size.*axis;
    out.from.*axis = std::clamp<std::int64_t>((twice_middle - extent) / 2, 0, size.*axis - extent);
    out.size.*axis = extent;
  }
  return out;
}

core::Geometry croppedGrid(const core::Geometry& grid, const Box& box) {
  core::Geometry out = grid;
  out.size = box.size;
  out.origin = core::pointAlong(grid, {static_cast<double>(box.from.x) * grid.spacing.x,
                                       static_cast<double>(box.from.y) * grid.spacing.y,
                                       static_cast<double>(box.from.z) * grid.spacing.z});
  return out;
}

}  // namespace rind::datasets
