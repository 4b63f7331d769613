#include "rind/core/geometry.h"

#include <charconv>
#include <cmath>
#include <sstream>
#include <vector>

#include "rind/core/error.h"

namespace rind::core {
namespace {

std::vector<double> parseTriple(const std::string& text, const std::string& where, const std::string& form) {
  std::vector<double> values;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (values.size() < 3) {
    double value = 0;
    const auto [next, status] = std::from_chars(at, end, value);
    if (status != std::errc() || !std::isfinite(value) || value <= 0) break;
    values.push_back(value);
    at = next;
    if (at == end || *at != 'x') break;
    ++at;
  }
  if (values.size() != 3 || at != end)
    throw InputError(where, "\"" + text + "\" is not three positive numbers", "write it as " + form);
  return values;
}

}  // namespace

std::array<double, 3> pointAlong(const Geometry& grid, const std::array<double, 3>& along) {
  std::array<double, 3> point = grid.origin;
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t k = 0; k < 3; ++k) point[r] += grid.direction[3 * r + k] * along[k];
  return point;
}

std::string toString(const Extent3& extent) {
  return std::to_string(extent.z) + "x" + std::to_string(extent.y) + "x" + std::to_string(extent.x);
}

std::string toString(const Spacing& spacing) {
  std::ostringstream text;
  text << spacing.z << "x" << spacing.y << "x" << spacing.x;
  return text.str();
}

Extent3 parseExtent(const std::string& text, const std::string& where) {
  const auto values = parseTriple(text, where, "DxHxW in voxels, for example 64x128x128");
  for (const double value : values)
    if (value != std::floor(value) || value > 65536)
      throw InputError(where, "\"" + text + "\" is not a size in voxels",
                       "write it as DxHxW, for example 64x128x128");
  return {static_cast<std::int64_t>(values[0]), static_cast<std::int64_t>(values[1]),
          static_cast<std::int64_t>(values[2])};
}

Spacing parseSpacing(const std::string& text, const std::string& where) {
  const auto values = parseTriple(text, where, "ZxYxX in millimetres, for example 1x1x1");
  return {values[0], values[1], values[2]};
}

}  // namespace rind::core
