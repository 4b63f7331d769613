#include <omp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "rind/contour/depth_map.h"
#include "rind/losses/distance_kernel.h"
#include "rind/losses/losses.h"

namespace rind::losses {
namespace {

/// Half-open index ranges.
struct Box {
  core::Index3 low{std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max(),
                   std::numeric_limits<std::int64_t>::max()};
  core::Index3 high{0, 0, 0};

  bool empty() const { return high.z == 0; }
  core::Extent3 size() const { return {high.z - low.z, high.y - low.y, high.x - low.x}; }
};

/// Beyond so many voxels a border changes no weight: w0·exp(−reach²/(2σ²)) is lost beside 1 in type T.
template <class T>
std::int64_t reachOf(double w0, double sigma) {
  const double least = std::numeric_limits<T>::epsilon() / 8;
  if (w0 <= least) return 0;
  const double reach = std::ceil(sigma * std::sqrt(2 * std::log(w0 / least)));
  return static_cast<std::int64_t>(std::min(reach, 30000.0));  // its square stays below kFar
}

/// Bounding boxes of the border voxels (depth 1) of every foreground class.
std::vector<Box> borderBoxes(core::LabelView labels, core::DepthView depth, int classes) {
  std::vector<Box> boxes(static_cast<std::size_t>(classes));
  core::Index3 at;
  for (at.z = 0; at.z < labels.size.z; ++at.z)
    for (at.y = 0; at.y < labels.size.y; ++at.y)
      for (at.x = 0; at.x < labels.size.x; ++at.x) {
        const std::uint8_t label = labels[at];
        if (label == 0 || label >= classes || depth[at] != 1) continue;
        Box& box = boxes[label];
        box.low = {std::min(box.low.z, at.z), std::min(box.low.y, at.y), std::min(box.low.x, at.x)};
        box.high = {std::max(box.high.z, at.z + 1), std::max(box.high.y, at.y + 1),
                    std::max(box.high.x, at.x + 1)};
      }
  return boxes;
}

Box grown(const Box& box, std::int64_t by, const core::Extent3& limit) {
  return {{std::max<std::int64_t>(box.low.z - by, 0), std::max<std::int64_t>(box.low.y - by, 0),
           std::max<std::int64_t>(box.low.x - by, 0)},
          {std::min(box.high.z + by, limit.z), std::min(box.high.y + by, limit.y),
           std::min(box.high.x + by, limit.x)}};
}

/// Squared distances along x to the zeros of a row of zeros and kFar, in two sweeps.
void sweepRow(SquaredDistance* row, std::int64_t count) {
  std::int64_t away = 30001;
  for (std::int64_t x = 0; x < count; ++x) {
    away = row[x] == 0 ? 0 : away + 1;
    if (away <= 30000) row[x] = static_cast<SquaredDistance>(away * away);
  }
  away = 30001;
  for (std::int64_t x = count - 1; x >= 0; --x) {
    away = row[x] == 0 ? 0 : away + 1;
    if (away <= 30000) row[x] = std::min(row[x], static_cast<SquaredDistance>(away * away));
  }
}

/// Per voxel of the volume the squared distances to the two nearest borders of different classes.
struct TwoNearest {
  std::vector<SquaredDistance> first, second;

  void offer(std::size_t at, const SquaredDistance* distances, std::int64_t count) {
    SquaredDistance* const d1 = first.data() + at;
    SquaredDistance* const d2 = second.data() + at;
    for (std::int64_t x = 0; x < count; ++x) {
      const SquaredDistance d = distances[x];
      const SquaredDistance larger = std::max(d, d1[x]);
      d1[x] = std::min(d, d1[x]);
      d2[x] = std::min(larger, d2[x]);
    }
  }
};

/// One class's borders and where their distances are wanted.
struct ClassBorder {
  core::LabelView labels;
  core::DepthView depth;
  std::uint8_t label;
  Box border;  // the border voxels' own box
  Box reach;   // grown by the reach
  std::int64_t radius;
};

/// Along x, then y, in one plane of border voxels: [grown y, grown x].
void distancesInPlane(const ClassBorder& of, std::int64_t z, SquaredDistance* rows, SquaredDistance* plane) {
  const core::Extent3 border = of.border.size();
  const core::Extent3 reach = of.reach.size();
  for (std::int64_t y = 0; y < border.y; ++y) {
    const std::size_t at = of.labels.offset({z, of.border.low.y + y, of.reach.low.x});
    SquaredDistance* const row = rows + y * reach.x;
    for (std::int64_t x = 0; x < reach.x; ++x) {
      const std::size_t voxel = at + static_cast<std::size_t>(x);
      row[x] = of.labels.data[voxel] == of.label && of.depth.data[voxel] == 1 ? 0 : kFar;
    }
    sweepRow(row, reach.x);
  }
  squaredDistanceAlong(
      {border.y, reach.y, of.border.low.y - of.reach.low.y, reach.x, reach.x, reach.x, of.radius}, rows,
      plane);
}

/// Exact squared distances to the border of one class where they are within the radius, offered to `nearest`.
void offerClass(const ClassBorder& of, TwoNearest& nearest) {
  const core::Extent3 border = of.border.size();
  const core::Extent3 reach = of.reach.size();
  const std::int64_t plane = reach.y * reach.x;
  std::vector<SquaredDistance> planes(static_cast<std::size_t>(border.z * plane));
#pragma omp parallel
  {
    std::vector<SquaredDistance> rows(static_cast<std::size_t>(border.y * reach.x));
#pragma omp for schedule(dynamic)
    for (std::int64_t z = 0; z < border.z; ++z)
      distancesInPlane(of, of.border.low.z + z, rows.data(), planes.data() + z * plane);
    std::vector<SquaredDistance> column(static_cast<std::size_t>(reach.z * reach.x));
    const AxisPass along_z{border.z, reach.z,  of.border.low.z - of.reach.low.z, plane, reach.x,
                           reach.x,  of.radius};
#pragma omp for schedule(dynamic)
    for (std::int64_t y = 0; y < reach.y; ++y) {
      squaredDistanceAlong(along_z, planes.data() + y * reach.x, column.data());
      for (std::int64_t z = 0; z < reach.z; ++z)
        nearest.offer(of.labels.offset({of.reach.low.z + z, of.reach.low.y + y, of.reach.low.x}),
                      column.data() + z * reach.x, reach.x);
    }
  }
}

template <class T>
T weightAt(double distance, std::int64_t reach, double w0, double sigma) {
  if (distance > static_cast<double>(reach)) return T{1};
  return static_cast<T>(1 + w0 * std::exp(-distance * distance / (2 * sigma * sigma)));
}

}  // namespace

template <class T>
core::Volume<T> distanceWeights(core::LabelView labels, int classes, double w0, double sigma) {
  core::Volume<T> weights(labels.size, T{1});
  const std::int64_t reach = reachOf<T>(w0, sigma);
  if (reach == 0) return weights;
  const core::DepthVolume depth = contour::depthMap(labels, 1, core::Border::replicate);
  TwoNearest nearest{std::vector<SquaredDistance>(labels.count(), kFar),
                     std::vector<SquaredDistance>(labels.count(), kFar)};
  int present = 0;
  const std::vector<Box> boxes = borderBoxes(labels, depth, classes);
  for (std::size_t j = 1; j < boxes.size(); ++j) {
    if (boxes[j].empty()) continue;
    ++present;
    offerClass({labels, depth.view(), static_cast<std::uint8_t>(j), boxes[j],
                grown(boxes[j], reach, labels.size), reach},
               nearest);
  }
  if (present == 0) return weights;
  const auto count = static_cast<std::int64_t>(labels.count());
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const double second = present > 1 ? std::sqrt(nearest.second[at]) : 0;
    weights.voxels[at] = weightAt<T>(std::sqrt(nearest.first[at]) + second, reach, w0, sigma);
  }
  return weights;
}

template core::Volume<float> distanceWeights<float>(core::LabelView, int, double, double);
template core::Volume<double> distanceWeights<double>(core::LabelView, int, double, double);

}  // namespace rind::losses
