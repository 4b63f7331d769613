#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace rind::core {

/// One class. Class indices are consecutive from 0 (background); `value` is the number in the files
/// (BraTS stores 0, 1, 2, 4).
struct Label {
  int value = 0;
  std::string name;
  std::array<std::uint8_t, 3> colour = {0, 0, 0};  // sRGB

  bool operator==(const Label&) const = default;
};

/// All classes of a data set; index = class, [0] is background.
using LabelSet = std::vector<Label>;

/// A label set with the house colours: the same name has the same colour in every data set, other names take
/// colours in turn.
LabelSet makeLabelSet(const std::vector<std::pair<int, std::string>>& values_and_names);

/// Whether both have the same values and names, whatever their colours.
bool haveSameClasses(const LabelSet& a, const LabelSet& b);

}  // namespace rind::core
