#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace rind::core {

/// Voxels along z, y, x: the axis order of every array in Rind (x is contiguous).
struct Extent3 {
  std::int64_t z = 0;
  std::int64_t y = 0;
  std::int64_t x = 0;

  std::int64_t voxels() const { return z * y * x; }
  bool operator==(const Extent3&) const = default;
};

/// An index or an offset into a volume, [z, y, x].
using Index3 = Extent3;

/// Millimetres between voxel centres along z, y, x.
struct Spacing {
  double z = 1;
  double y = 1;
  double x = 1;

  bool operator==(const Spacing&) const = default;
};

/// Where a volume lies in the patient. `origin` and `direction` are in ITK's convention: millimetres in LPS,
/// components ordered x, y, z; column k of `direction` is the unit vector of array axis k (x first).
struct Geometry {
  Extent3 size;
  Spacing spacing;
  std::array<double, 3> origin = {0, 0, 0};
  std::array<double, 9> direction = {1, 0, 0, 0, 1, 0, 0, 0, 1};  // row-major

  bool operator==(const Geometry&) const = default;
};

/// The point `along` the grid's axes from its origin: millimetres, x, y, z, in and out (out in LPS).
std::array<double, 3> pointAlong(const Geometry& grid, const std::array<double, 3>& along);

/// "64x128x128", as options and messages write an extent (z first).
std::string toString(const Extent3& extent);

/// Parses "DxHxW" with positive integers. Throws InputError naming `where`.
Extent3 parseExtent(const std::string& text, const std::string& where);

/// Parses "ZxYxX" in millimetres, all positive and finite. Throws InputError naming `where`.
Spacing parseSpacing(const std::string& text, const std::string& where);

std::string toString(const Spacing& spacing);

}  // namespace rind::core
