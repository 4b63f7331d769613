#include "rind/core/quantile.h"

#include <algorithm>
#include <cmath>

namespace rind::core {

double quantile(const std::vector<double>& sorted, double fraction) {
  if (sorted.empty()) return std::nan("");
  const double position = fraction * static_cast<double>(sorted.size() - 1);
  const auto at = static_cast<std::size_t>(position);
  const double high = sorted[std::min(at + 1, sorted.size() - 1)];
  return sorted[at] + (position - static_cast<double>(at)) * (high - sorted[at]);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return quantile(values, 0.5);
}

}  // namespace rind::core
