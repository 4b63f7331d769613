#include "rind/datasets/resampling.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "rind/datasets/axis_weights.h"
#include "rind/datasets/parallel.h"

namespace rind::datasets {
namespace {

using core::Interpolation;

std::array<AxisWeights, 3> axesOf(const core::Geometry& from, const core::Geometry& to,
                                  Interpolation interpolation) {
  return {axisWeights({from.size.z, from.spacing.z}, {to.size.z, to.spacing.z}, interpolation),
          axisWeights({from.size.y, from.spacing.y}, {to.size.y, to.spacing.y}, interpolation),
          axisWeights({from.size.x, from.spacing.x}, {to.size.x, to.spacing.x}, interpolation)};
}

/// An array [outer, extent, inner] of which the middle axis is worked on.
struct Runs {
  std::int64_t outer = 1;
  std::int64_t extent = 1;
  std::int64_t inner = 1;

  std::size_t count() const { return static_cast<std::size_t>(outer * extent * inner); }
};

/// Along contiguous rows.
void alongRows(const float* in, const Runs& runs, const AxisWeights& axis, float* out) {
  const auto width = static_cast<std::int64_t>(axis.first.size());
  forEachInParallel(static_cast<std::size_t>(runs.outer), 0, [&](std::size_t row) {
    const float* line = in + static_cast<std::int64_t>(row) * runs.extent;
    float* to = out + static_cast<std::int64_t>(row) * width;
    for (std::size_t i = 0; i < axis.first.size(); ++i) {
      float sum = 0;
      const float* at = line + axis.first[i];
      for (const float weight : axis.weights[i]) sum += weight * *at++;
      to[i] = sum;
    }
  });
}

/// Along the middle axis: whole runs of `inner` at a time.
void alongMiddle(const float* in, const Runs& runs, const AxisWeights& axis, float* out) {
  const std::size_t extent = axis.first.size();
  forEachInParallel(static_cast<std::size_t>(runs.outer) * extent, 0, [&](std::size_t job) {
    const std::size_t i = job % extent;
    const float* from =
        in + (static_cast<std::int64_t>(job / extent) * runs.extent + axis.first[i]) * runs.inner;
    float* to = out + job * static_cast<std::size_t>(runs.inner);
    std::fill(to, to + runs.inner, 0.0F);
    for (const float weight : axis.weights[i]) {
      for (std::int64_t k = 0; k < runs.inner; ++k) to[k] += weight * from[k];
      from += runs.inner;
    }
  });
}

/// The volume on its way from grid to grid, axis after axis; the last pass fills `out`.
class Passes {
 public:
  Passes(const float* voxels, float* out, std::size_t left) : now_(voxels), out_(out), left_(left) {}

  void along(const Runs& runs, const AxisWeights& axis) {
    if (axis.same) return;
    if (axis.spline) toCoefficients(runs);
    const std::size_t size = static_cast<std::size_t>(runs.outer * runs.inner) * axis.first.size();
    std::vector<float> next(left_ > 1 ? size : 0);
    float* to = left_ > 1 ? next.data() : out_;
    runs.inner == 1 ? alongRows(now_, runs, axis, to) : alongMiddle(now_, runs, axis, to);
    kept_ = std::move(next);
    now_ = to;
    --left_;
  }

 private:
  void toCoefficients(const Runs& runs) {
    if (now_ != kept_.data()) kept_.assign(now_, now_ + runs.count());
    now_ = kept_.data();
    forEachInParallel(static_cast<std::size_t>(runs.outer), 0, [&](std::size_t i) {
      splineCoefficients(kept_.data() + static_cast<std::int64_t>(i) * runs.extent * runs.inner, runs.extent,
                         runs.inner);
    });
  }

  const float* now_;
  float* out_;
  std::size_t left_;
  std::vector<float> kept_;
};

/// Where the labels of one output voxel come from, and their votes.
class Ballot {
 public:
  void add(std::uint8_t label, float weight) {
    if (votes_[label] == 0) classes_[count_++] = label;
    votes_[label] += weight;
  }
  std::uint8_t winner() {
    std::uint8_t best = classes_[0];
    for (std::size_t k = 1; k < count_; ++k) {
      const std::uint8_t other = classes_[k];
      const float lead = votes_[other] - votes_[best];
      if (lead > 1e-6F || (lead > -1e-6F && other < best)) best = other;
    }
    for (std::size_t k = 0; k < count_; ++k) votes_[classes_[k]] = 0;
    count_ = 0;
    return best;
  }

 private:
  std::array<float, 256> votes_ = {};
  std::array<std::uint8_t, 256> classes_ = {};
  std::size_t count_ = 0;
};

struct Row {
  const std::uint8_t* labels;
  float weight;
};

std::vector<Row> rowsOf(core::LabelView labels, const std::array<AxisWeights, 3>& axes, std::size_t z,
                        std::size_t y) {
  std::vector<Row> rows;
  for (std::size_t a = 0; a < axes[0].weights[z].size(); ++a)
    for (std::size_t b = 0; b < axes[1].weights[y].size(); ++b) {
      const float weight = axes[0].weights[z][a] * axes[1].weights[y][b];
      const std::int64_t iz = axes[0].first[z] + static_cast<std::int64_t>(a);
      const std::int64_t iy = axes[1].first[y] + static_cast<std::int64_t>(b);
      if (weight > 0) rows.push_back({labels.data + labels.offset({iz, iy, 0}), weight});
    }
  return rows;
}

void resampleRow(const std::vector<Row>& rows, const AxisWeights& axis, std::uint8_t* out) {
  Ballot ballot;
  for (std::size_t x = 0; x < axis.first.size(); ++x) {
    const std::int64_t first = axis.first[x];
    const auto& weights = axis.weights[x];
    const std::uint8_t label = rows.front().labels[first];
    bool uniform = true;
    for (const Row& row : rows)
      for (std::size_t k = 0; k < weights.size(); ++k)
        uniform &= row.labels[first + static_cast<std::int64_t>(k)] == label;
    if (uniform) {
      out[x] = label;
      continue;
    }
    for (const Row& row : rows)
      for (std::size_t k = 0; k < weights.size(); ++k)
        if (weights[k] > 0)
          ballot.add(row.labels[first + static_cast<std::int64_t>(k)], row.weight * weights[k]);
    out[x] = ballot.winner();
  }
}

}  // namespace

core::Geometry resampledGrid(const core::Geometry& grid, const core::Spacing& spacing) {
  core::Geometry out = grid;
  const auto fit = [](std::int64_t& size, double& step, double wanted) {
    const double before = step;
    if (std::abs(before - wanted) <= 1e-3 * wanted) return 0.0;
    size = std::max<std::int64_t>(1, std::llround(static_cast<double>(size) * before / wanted));
    step = wanted;
    return (wanted - before) / 2;  // of the first voxel's centre
  };
  const std::array<double, 3> shift = {fit(out.size.x, out.spacing.x, spacing.x),
                                       fit(out.size.y, out.spacing.y, spacing.y),
                                       fit(out.size.z, out.spacing.z, spacing.z)};
  out.origin = core::pointAlong(grid, shift);
  return out;
}

void resampleImage(const float* voxels, const core::Geometry& from, const core::Geometry& to,
                   Interpolation interpolation, float* out) {
  const auto axes = axesOf(from, to, interpolation);
  const auto& s = from.size;
  const auto passes = static_cast<std::size_t>(
      std::count_if(axes.begin(), axes.end(), [](const AxisWeights& axis) { return !axis.same; }));
  if (passes == 0) std::copy(voxels, voxels + s.voxels(), out);
  Passes volume(voxels, out, passes);
  volume.along({s.z * s.y, s.x, 1}, axes[2]);
  volume.along({s.z, s.y, to.size.x}, axes[1]);
  volume.along({1, s.z, to.size.y * to.size.x}, axes[0]);
}

core::LabelVolume resampleLabels(core::LabelView labels, const core::Geometry& from,
                                 const core::Geometry& to) {
  const auto axes = axesOf(from, to, Interpolation::linear);
  core::LabelVolume out(to.size);
  if (axes[0].same && axes[1].same && axes[2].same) {
    std::copy(labels.data, labels.data + labels.count(), out.voxels.begin());
    return out;
  }
  forEachInParallel(static_cast<std::size_t>(to.size.z), 0, [&](std::size_t z) {
    for (std::size_t y = 0; y < static_cast<std::size_t>(to.size.y); ++y) {
      const auto row = out.view().offset({static_cast<std::int64_t>(z), static_cast<std::int64_t>(y), 0});
      resampleRow(rowsOf(labels, axes, z, y), axes[2], out.voxels.data() + row);
    }
  });
  return out;
}

}  // namespace rind::datasets
