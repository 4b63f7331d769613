#include "rind/datasets/resampling.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "rind/datasets/parallel.h"

namespace rind::datasets {
namespace {

/// What the points of one axis are made of: `weights[i]` times the source from `first[i]` on; each sums to 1.
struct Axis {
  std::vector<std::int64_t> first;
  std::vector<std::vector<float>> weights;
  bool same = false;
};

/// Triangles of half-width max(1, ratio) source voxels around ((i + ½)·ratio − ½); outside, the edge is
/// repeated.
Axis axisWeights(std::int64_t from, double from_spacing, std::int64_t to, double to_spacing) {
  Axis axis;
  const double ratio = to_spacing / from_spacing;
  axis.same = from == to && std::abs(ratio - 1) < 1e-9;
  const double reach = std::max(1.0, ratio);
  for (std::int64_t i = 0; i < to; ++i) {
    const double centre = (static_cast<double>(i) + 0.5) * ratio - 0.5;
    const auto low = static_cast<std::int64_t>(std::floor(centre - reach)) + 1;
    const auto high = static_cast<std::int64_t>(std::ceil(centre + reach)) - 1;
    const std::int64_t first = std::clamp<std::int64_t>(low, 0, from - 1);
    const std::int64_t last = std::clamp<std::int64_t>(high, first, from - 1);
    std::vector<double> exact(static_cast<std::size_t>(last - first + 1), 0.0);
    double sum = 0;
    for (std::int64_t at = low; at <= high; ++at) {
      const double weight = std::max(0.0, 1 - std::abs(static_cast<double>(at) - centre) / reach);
      exact[static_cast<std::size_t>(std::clamp(at, first, last) - first)] += weight;
      sum += weight;
    }
    axis.first.push_back(first);
    axis.weights.emplace_back();
    for (const double weight : exact) axis.weights.back().push_back(static_cast<float>(weight / sum));
  }
  return axis;
}

std::array<Axis, 3> axesOf(const core::Geometry& from, const core::Geometry& to) {
  return {axisWeights(from.size.z, from.spacing.z, to.size.z, to.spacing.z),
          axisWeights(from.size.y, from.spacing.y, to.size.y, to.spacing.y),
          axisWeights(from.size.x, from.spacing.x, to.size.x, to.spacing.x)};
}

std::vector<float> alongX(const float* in, std::int64_t rows, std::int64_t width, const Axis& axis) {
  const auto out_width = static_cast<std::int64_t>(axis.first.size());
  std::vector<float> out(static_cast<std::size_t>(rows * out_width));
  forEachInParallel(static_cast<std::size_t>(rows), 0, [&](std::size_t row) {
    const float* line = in + static_cast<std::int64_t>(row) * width;
    float* to = out.data() + static_cast<std::int64_t>(row) * out_width;
    for (std::size_t i = 0; i < axis.first.size(); ++i) {
      float sum = 0;
      const float* at = line + axis.first[i];
      for (const float weight : axis.weights[i]) sum += weight * *at++;
      to[i] = sum;
    }
  });
  return out;
}

/// Along the middle of [outer, extent, inner]: whole runs of `inner` at a time.
std::vector<float> alongMiddle(const float* in, std::int64_t outer, std::int64_t extent, std::int64_t inner,
                               const Axis& axis) {
  const std::size_t to_extent = axis.first.size();
  std::vector<float> out(static_cast<std::size_t>(outer * inner) * to_extent);
  forEachInParallel(static_cast<std::size_t>(outer) * to_extent, 0, [&](std::size_t job) {
    const std::size_t i = job % to_extent;
    const float* from = in + (static_cast<std::int64_t>(job / to_extent) * extent + axis.first[i]) * inner;
    float* to = out.data() + job * static_cast<std::size_t>(inner);
    for (const float weight : axis.weights[i]) {
      for (std::int64_t k = 0; k < inner; ++k) to[k] += weight * from[k];
      from += inner;
    }
  });
  return out;
}

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

std::vector<Row> rowsOf(core::LabelView labels, const std::array<Axis, 3>& axes, std::size_t z,
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

void resampleRow(const std::vector<Row>& rows, const Axis& axis, std::uint8_t* out) {
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
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t k = 0; k < 3; ++k) out.origin[r] += grid.direction[3 * r + k] * shift[k];
  return out;
}

std::vector<float> resampleImage(const float* voxels, const core::Geometry& from, const core::Geometry& to) {
  const auto axes = axesOf(from, to);
  const auto& s = from.size;
  std::vector<float> now;
  const auto source = [&] { return now.empty() ? voxels : now.data(); };
  if (!axes[2].same) now = alongX(source(), s.z * s.y, s.x, axes[2]);
  if (!axes[1].same) now = alongMiddle(source(), s.z, s.y, to.size.x, axes[1]);
  if (!axes[0].same) now = alongMiddle(source(), 1, s.z, to.size.y * to.size.x, axes[0]);
  if (now.empty()) now.assign(voxels, voxels + s.voxels());
  return now;
}

core::LabelVolume resampleLabels(core::LabelView labels, const core::Geometry& from,
                                 const core::Geometry& to) {
  const auto axes = axesOf(from, to);
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
