#include "rind/metrics/surface_scores.h"

#include <algorithm>
#include <numeric>

namespace rind::metrics {

double totalWeight(const DirectedDistances& directed) {
  return std::accumulate(directed.weight.begin(), directed.weight.end(), 0.0);
}

double weightWithin(const DirectedDistances& directed, double tolerance) {
  // A distance that equals the tolerance counts as within, also where its last bit was rounded up.
  const double limit = tolerance * (1 + 1e-9) + 1e-12;
  double sum = 0;
  for (std::size_t i = 0; i < directed.distance.size(); ++i)
    if (directed.distance[i] <= limit) sum += directed.weight[i];
  return sum;
}

double weightedSum(const DirectedDistances& directed) {
  return std::inner_product(directed.distance.begin(), directed.distance.end(), directed.weight.begin(), 0.0);
}

double interpolatedPercentile95(const DirectedDistances& directed) {
  std::vector<double> sorted = directed.distance;
  const double position = 0.95 * static_cast<double>(sorted.size() - 1);
  const auto at = static_cast<std::ptrdiff_t>(position);
  std::nth_element(sorted.begin(), sorted.begin() + at, sorted.end());
  const double low = sorted[static_cast<std::size_t>(at)];
  if (at + 1 == static_cast<std::ptrdiff_t>(sorted.size())) return low;
  const double high = *std::min_element(sorted.begin() + at + 1, sorted.end());
  return low + (position - static_cast<double>(at)) * (high - low);
}

double weightedPercentile95(const DirectedDistances& directed) {
  struct Point {
    double distance, weight;
  };
  std::vector<Point> points;
  for (std::size_t i = 0; i < directed.distance.size(); ++i)
    points.push_back({directed.distance[i], directed.weight[i]});
  // Halve the range that holds the answer; `below` is the weight before it.
  double below = 0;
  const double wanted = 0.95 * totalWeight(directed) * (1 - 1e-12);
  auto begin = points.begin(), end = points.end();
  while (end - begin > 1) {
    const auto middle = begin + (end - begin) / 2;
    std::nth_element(begin, middle, end,
                     [](const Point& a, const Point& b) { return a.distance < b.distance; });
    double left = 0;
    for (auto i = begin; i != middle; ++i) left += i->weight;
    if (below + left >= wanted) {
      end = middle;
    } else {
      below += left;
      begin = middle;
    }
  }
  return begin->distance;
}

}  // namespace rind::metrics
