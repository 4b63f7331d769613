#pragma once

#include <vector>

namespace rind::core {

/// Between the two values that stand nearest, in proportion (Hyndman and Fan's type 7, as NumPy has it);
/// `fraction` in [0, 1]. NaN where there are none.
double quantile(const std::vector<double>& sorted, double fraction);

/// Of an even number, the mean of the middle two. NaN where there are none.
double median(std::vector<double> values);

}  // namespace rind::core
