#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rind::core {

/// A NumPy array as stored: C order, little-endian (Fortran order and big-endian files are brought to it on
/// reading).
struct NpyArray {
  /// "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4" or "f8".
  std::string type;
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;

  std::int64_t elements() const;
  /// Any stored type converted to T, element by element (no range check).
  template <class T>
  std::vector<T> as() const;
};

/// Reads format versions 1.0 to 3.0. Throws InputError naming the file: not .npy, cut short, a type that is
/// no number.
NpyArray readNpy(const std::filesystem::path& path);

/// Writes format version 1.0, whole or not at all. `type` as in NpyArray, `data` in C order.
void writeNpy(const std::filesystem::path& path, const std::string& type,
              const std::vector<std::int64_t>& shape, const void* data);

}  // namespace rind::core
