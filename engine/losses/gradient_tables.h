#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rind/losses/region_sums.h"

namespace rind::losses {

/// A loss's coefficients in float32. `own` and `cross_entropy` are indexed by 2·class + (in band).
struct GradientTables {
  const float* everywhere = nullptr;
  const float* own = nullptr;
  const float* cross_entropy = nullptr;
};

constexpr std::int64_t kTableValuesPerClass = 5;

/// The three tables one behind the other: kTableValuesPerClass · classes values.
std::vector<float> tableValues(const std::vector<ClassCoefficients>& coefficients);
/// The tables in values that tableValues made for so many classes, wherever they were copied to.
GradientTables tablesIn(const float* values, std::size_t classes);

}  // namespace rind::losses
