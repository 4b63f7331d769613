#include "rind/metrics/surface_points.h"

#include <omp.h>

#include <algorithm>
#include <cstring>

#include "rind/metrics/memory_bound_jobs.h"

namespace rind::metrics {
namespace {

using Points = std::vector<std::vector<SurfacePoint>>;
using Bytes = std::vector<std::uint8_t>;

/// Rows of labels with two more voxels of background on either side; rows outside the volume are background.
class PaddedRows {
 public:
  explicit PaddedRows(core::LabelView labels)
      : labels_(labels), outside_(static_cast<std::size_t>(labels.size.x + 4)), rows_(5, outside_) {}

  /// Fills slot `slot` (0..4) with row (z, y); the voxel x is at [x + 2].
  const std::uint8_t* load(std::size_t slot, std::int64_t z, std::int64_t y) {
    if (z < 0 || y < 0 || z >= labels_.size.z || y >= labels_.size.y) return outside_.data();
    std::memcpy(rows_[slot].data() + 2, &labels_[{z, y, 0}], static_cast<std::size_t>(labels_.size.x));
    return rows_[slot].data();
  }

 private:
  core::LabelView labels_;
  Bytes outside_;
  std::vector<Bytes> rows_;
};

/// Calls `visit(x)` for every x in [0, count) whose byte is not 0.
template <class Visit>
void forEachSet(const std::uint8_t* marked, std::int64_t count, Visit visit) {
  for (std::int64_t x = 0; x < count;) {
    std::uint64_t eight = 1;
    if (x + 8 <= count) std::memcpy(&eight, marked + x, sizeof eight);
    const std::int64_t end = std::min(count, x + 8);
    if (eight)
      for (std::int64_t i = x; i < end; ++i)
        if (marked[i]) visit(i);
    x = end;
  }
}

void voxelRow(PaddedRows& rows, std::int64_t z, std::int64_t y, std::int64_t width, Bytes& marked,
              Points& points) {
  const std::uint8_t *const here = rows.load(0, z, y) + 2, *const below = rows.load(1, z - 1, y) + 2;
  const std::uint8_t *const above = rows.load(2, z + 1, y) + 2, *const before = rows.load(3, z, y - 1) + 2;
  const std::uint8_t* const after = rows.load(4, z, y + 1) + 2;
  std::uint8_t* __restrict out = marked.data();
  for (std::int64_t x = 0; x < width; ++x) {
    const unsigned h = here[x];
    out[x] = static_cast<std::uint8_t>((h ^ here[x - 1]) | (h ^ here[x + 1]) | (h ^ below[x]) |
                                       (h ^ above[x]) | (h ^ before[x]) | (h ^ after[x]));
  }
  forEachSet(marked.data(), width, [&](std::int64_t x) {
    const std::size_t label = here[x];
    if (label == 0 || label >= points.size()) return;
    points[label].push_back(
        {static_cast<std::int32_t>(z), static_cast<std::int32_t>(y), static_cast<std::int32_t>(x), 0});
  });
}

/// One point for each class among the eight voxels around a corner.
void addCorner(const std::array<std::uint8_t, 8>& labels, SurfacePoint at, Points& points) {
  for (std::size_t i = 0; i < 8; ++i) {
    const std::size_t label = labels[i];
    if (label == 0 || label >= points.size()) continue;
    if (std::find(labels.begin(), labels.begin() + i, labels[i]) != labels.begin() + i) continue;
    unsigned code = 0;
    for (std::size_t k = 0; k < 8; ++k) code = code << 1 | (labels[k] == label);
    at.code = static_cast<std::uint8_t>(code);
    points[label].push_back(at);
  }
}

void cornerRow(PaddedRows& rows, std::int64_t z, std::int64_t y, std::int64_t width, Bytes& marked,
               Points& points) {
  const std::uint8_t *const a = rows.load(0, z - 1, y - 1) + 2, *const b = rows.load(1, z - 1, y) + 2;
  const std::uint8_t *const c = rows.load(2, z, y - 1) + 2, *const d = rows.load(3, z, y) + 2;
  std::uint8_t* __restrict out = marked.data();
  for (std::int64_t x = 0; x < width; ++x) {
    const unsigned first = a[x - 1];
    out[x] =
        static_cast<std::uint8_t>((first ^ a[x]) | (first ^ b[x - 1]) | (first ^ b[x]) | (first ^ c[x - 1]) |
                                  (first ^ c[x]) | (first ^ d[x - 1]) | (first ^ d[x]));
  }
  forEachSet(marked.data(), width, [&](std::int64_t x) {
    addCorner({a[x - 1], a[x], b[x - 1], b[x], c[x - 1], c[x], d[x - 1], d[x]},
              {static_cast<std::int32_t>(z), static_cast<std::int32_t>(y), static_cast<std::int32_t>(x), 0},
              points);
  });
}

/// The points of planes [begin, end) of the lattice: voxels, or corners, of which there is one more along
/// each axis.
Points pointsOfPlanes(core::LabelView labels, std::size_t classes, Surface surface, std::int64_t begin,
                      std::int64_t end) {
  const std::int64_t more = surface == Surface::surfel ? 1 : 0;
  const std::int64_t width = labels.size.x + more;
  const auto row = surface == Surface::surfel ? cornerRow : voxelRow;
  Points points(classes);
  PaddedRows rows(labels);
  Bytes marked(static_cast<std::size_t>(width));
  for (std::int64_t z = begin; z < end; ++z)
    for (std::int64_t y = 0; y < labels.size.y + more; ++y) row(rows, z, y, width, marked, points);
  return points;
}

}  // namespace

std::vector<std::vector<SurfacePoint>> surfacePoints(core::LabelView labels, int classes, Surface surface) {
  const std::int64_t planes = labels.size.z + (surface == Surface::surfel ? 1 : 0);
  const std::int64_t chunks = std::min<std::int64_t>(planes, 4 * omp_get_max_threads());
  std::vector<Points> parts(static_cast<std::size_t>(chunks));
  const int threads = labels.count() > 1 << 14 ? omp_get_max_threads() : 1;
  forEachJob(parts.size(), threads, [&](std::size_t part) {
    const auto i = static_cast<std::int64_t>(part);
    parts[part] = pointsOfPlanes(labels, static_cast<std::size_t>(classes), surface, planes * i / chunks,
                                 planes * (i + 1) / chunks);
  });
  Points all(static_cast<std::size_t>(classes));
  for (const Points& part : parts)
    for (std::size_t j = 0; j < all.size(); ++j) all[j].insert(all[j].end(), part[j].begin(), part[j].end());
  return all;
}

}  // namespace rind::metrics
