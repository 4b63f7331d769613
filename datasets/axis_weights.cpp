#include "rind/datasets/axis_weights.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace rind::datasets {
namespace {

/// A kernel, how far it reaches in source voxels, and which voxel stands for one outside.
struct Kernel {
  std::function<double(double)> weight;
  double reach = 1;
  std::function<std::int64_t(std::int64_t)> inside;
};

Kernel triangle(double reach, std::int64_t size) {
  return {[reach](double distance) { return std::max(0.0, 1 - std::abs(distance) / reach); }, reach,
          [size](std::int64_t at) { return std::clamp<std::int64_t>(at, 0, size - 1); }};
}

double cubicSpline(double distance) {
  const double d = std::abs(distance);
  if (d < 1) return 2.0 / 3 - d * d * (1 - d / 2);
  return d < 2 ? (2 - d) * (2 - d) * (2 - d) / 6 : 0;
}

Kernel spline(std::int64_t size) {
  return {cubicSpline, 2, [size](std::int64_t at) {
            const std::int64_t period = std::max<std::int64_t>(1, 2 * (size - 1));
            const std::int64_t within = ((at % period) + period) % period;
            return within < size ? within : period - within;
          }};
}

void addPoint(AxisWeights& axis, double centre, const Kernel& kernel) {
  const auto low = static_cast<std::int64_t>(std::floor(centre - kernel.reach)) + 1;
  const auto high = static_cast<std::int64_t>(std::ceil(centre + kernel.reach)) - 1;
  std::int64_t first = kernel.inside(low), last = first;
  for (std::int64_t at = low; at <= high; ++at) {
    first = std::min(first, kernel.inside(at));
    last = std::max(last, kernel.inside(at));
  }
  std::vector<double> exact(static_cast<std::size_t>(last - first + 1), 0.0);
  double sum = 0;
  for (std::int64_t at = low; at <= high; ++at) {
    const double weight = kernel.weight(static_cast<double>(at) - centre);
    exact[static_cast<std::size_t>(kernel.inside(at) - first)] += weight;
    sum += weight;
  }
  axis.first.push_back(first);
  axis.weights.emplace_back();
  for (const double weight : exact) axis.weights.back().push_back(static_cast<float>(weight / sum));
}

}  // namespace

AxisWeights axisWeights(const GridAxis& from, const GridAxis& to, core::Interpolation interpolation) {
  AxisWeights axis;
  const double ratio = to.spacing / from.spacing;
  axis.same = from.size == to.size && std::abs(ratio - 1) < 1e-9;
  axis.spline = interpolation == core::Interpolation::bspline && ratio < 1 && from.size > 1;
  const Kernel kernel = axis.spline ? spline(from.size) : triangle(std::max(1.0, ratio), from.size);
  for (std::int64_t i = 0; i < to.size; ++i)
    addPoint(axis, (static_cast<double>(i) + 0.5) * ratio - 0.5, kernel);
  return axis;
}

void splineCoefficients(float* voxels, std::int64_t extent, std::int64_t inner) {
  if (extent < 2) return;
  const double pole = std::sqrt(3.0) - 2;
  const auto z = static_cast<float>(pole);
  const auto row = [&](std::int64_t i) { return voxels + i * inner; };
  // The first value of the causal filter: the sum over the mirrored signal, to where its weights are nothing.
  std::vector<double> start(static_cast<std::size_t>(inner), 0.0);
  const std::int64_t period = 2 * (extent - 1);
  double power = 1, all = 0;
  for (std::int64_t k = 0; k < std::min<std::int64_t>(period, 28); ++k, power *= pole) {
    const float* from = row(k < extent ? k : period - k);
    for (std::int64_t i = 0; i < inner; ++i)
      start[static_cast<std::size_t>(i)] += power * static_cast<double>(from[i]);
    all = power * pole;
  }
  const double repeated = period < 28 ? 1 / (1 - all) : 1;  // the signal is periodic
  for (std::int64_t i = 0; i < inner; ++i)
    row(0)[i] = static_cast<float>(6 * repeated * start[static_cast<std::size_t>(i)]);
  for (std::int64_t k = 1; k < extent; ++k)
    for (std::int64_t i = 0; i < inner; ++i) row(k)[i] = 6 * row(k)[i] + z * row(k - 1)[i];
  const float end = z / (z * z - 1);
  float* last = row(extent - 1);
  for (std::int64_t i = 0; i < inner; ++i) last[i] = end * (last[i] + z * row(extent - 2)[i]);
  for (std::int64_t k = extent - 2; k >= 0; --k)
    for (std::int64_t i = 0; i < inner; ++i) row(k)[i] = z * (row(k + 1)[i] - row(k)[i]);
}

}  // namespace rind::datasets
