#pragma once

#include <vector>

namespace rind::metrics {

/// Distances in mm from the points of one surface to the other surface, and the points' weights.
struct DirectedDistances {
  std::vector<double> distance;
  std::vector<double> weight;
};

double totalWeight(const DirectedDistances& directed);
/// Weight of the points at most `tolerance` away.
double weightWithin(const DirectedDistances& directed, double tolerance);
double weightedSum(const DirectedDistances& directed);

/// The 95th percentile with linear interpolation (position 0.95·(n−1) in the sorted list), weights left out.
double interpolatedPercentile95(const DirectedDistances& directed);
/// The least distance within which at least 95 % of the weight lies.
double weightedPercentile95(const DirectedDistances& directed);

}  // namespace rind::metrics
