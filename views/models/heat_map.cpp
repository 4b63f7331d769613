#include "rind/models/heat_map.h"

#include <array>

namespace rind::models {
namespace {

struct Stop {
  double at;
  std::array<double, 3> rgb;
};

// Read off the perceptually uniform map "inferno" (van der Walt and Smith, 2015).
constexpr Stop kStops[] = {{0.00, {0, 0, 4}},      {0.13, {31, 12, 72}},   {0.25, {85, 15, 109}},
                           {0.38, {136, 34, 106}}, {0.50, {186, 54, 85}},  {0.63, {227, 89, 51}},
                           {0.75, {249, 140, 10}}, {0.88, {249, 201, 50}}, {1.00, {252, 255, 164}}};

std::uint32_t colourAt(double share) {
  const Stop* upper = kStops + 1;
  while (upper->at < share) ++upper;
  const Stop& lower = upper[-1];
  const double part = (share - lower.at) / (upper->at - lower.at);
  std::uint32_t colour = 0xFF;
  for (std::size_t i = 0; i < 3; ++i)
    colour =
        colour << 8 | static_cast<std::uint32_t>(lower.rgb[i] + (upper->rgb[i] - lower.rgb[i]) * part + 0.5);
  return colour;
}

std::array<std::uint32_t, 256> makeTable() {
  std::array<std::uint32_t, 256> table = {};
  for (std::size_t level = 0; level < table.size(); ++level)
    table[level] = colourAt(static_cast<double>(level) / 255);
  return table;
}

}  // namespace

std::uint32_t heatColour(std::uint8_t level) {
  static const auto table = makeTable();
  return table[level];
}

}  // namespace rind::models
