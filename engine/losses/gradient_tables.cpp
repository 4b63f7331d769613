#include "rind/losses/gradient_tables.h"

namespace rind::losses {

std::vector<float> tableValues(const std::vector<ClassCoefficients>& coefficients) {
  std::vector<float> values;
  const auto add = [&values](double value) { values.push_back(static_cast<float>(value)); };
  for (const ClassCoefficients& c : coefficients) add(c.everywhere);
  for (const ClassCoefficients& c : coefficients) {
    add(c.interior);
    add(c.band);
  }
  for (const ClassCoefficients& c : coefficients) {
    add(c.cross_entropy_interior);
    add(c.cross_entropy_band);
  }
  return values;
}

GradientTables tablesIn(const float* values, std::size_t classes) {
  return {values, values + classes, values + 3 * classes};
}

}  // namespace rind::losses
