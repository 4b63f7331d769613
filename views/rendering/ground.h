#pragma once

#include <array>

namespace rind::rendering {

/// What the 3D view shows where there is no organ: red, green, blue, of 255.
constexpr std::array<int, 3> kGround = {23, 26, 31};

}  // namespace rind::rendering
