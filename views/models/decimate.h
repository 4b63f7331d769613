#pragma once

#include <vector>

namespace rind::models {

struct CurvePoint {
  double x = 0;
  double y = 0;
};

/// At most about 2·`buckets` points that look the same: the least and the greatest of each bucket, in order.
/// Values that are not finite are left out.
std::vector<CurvePoint> decimate(const std::vector<double>& x, const std::vector<double>& y,
                                 std::size_t buckets);

/// Exponential moving average; `weight` in (0, 1] of the newest value.
std::vector<double> smooth(const std::vector<double>& y, double weight);

}  // namespace rind::models
