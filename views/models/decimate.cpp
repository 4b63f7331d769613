#include "rind/models/decimate.h"

#include <algorithm>
#include <cmath>

namespace rind::models {

std::vector<CurvePoint> decimate(const std::vector<double>& x, const std::vector<double>& y,
                                 std::size_t buckets) {
  const std::size_t count = std::min(x.size(), y.size());
  std::vector<CurvePoint> points;
  if (buckets == 0) return points;
  const std::size_t width = std::max<std::size_t>(1, (count + buckets - 1) / buckets);
  for (std::size_t begin = 0; begin < count; begin += width) {
    const std::size_t end = std::min(count, begin + width);
    std::size_t least = end;
    std::size_t most = end;
    for (std::size_t i = begin; i < end; ++i) {
      if (!std::isfinite(y[i])) continue;
      if (least == end || y[i] < y[least]) least = i;
      if (most == end || y[i] > y[most]) most = i;
    }
    if (least == end) continue;
    const auto [first, second] = std::minmax(least, most);
    points.push_back({x[first], y[first]});
    if (second != first) points.push_back({x[second], y[second]});
  }
  return points;
}

std::vector<double> smooth(const std::vector<double>& y, double weight) {
  std::vector<double> smoothed;
  smoothed.reserve(y.size());
  double mean = std::nan("");
  for (const double value : y) {
    if (std::isfinite(value)) mean = std::isfinite(mean) ? mean + weight * (value - mean) : value;
    smoothed.push_back(mean);
  }
  return smoothed;
}

}  // namespace rind::models
