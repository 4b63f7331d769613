#pragma once

#include <cstdint>
#include <vector>

#include "rind/core/volume.h"

namespace rind::contour {

/// A set of voxels, one bit each: size.z planes of size.y rows of `words()` words.
class BitVolume {
 public:
  explicit BitVolume(const core::Extent3& size)
      : rows_(size.y), words_((size.x + 63) / 64), bits_(static_cast<std::size_t>(size.z * rows_ * words_)) {}

  std::uint64_t* row(std::int64_t z, std::int64_t y) { return bits_.data() + (z * rows_ + y) * words_; }
  const std::uint64_t* row(std::int64_t z, std::int64_t y) const {
    return bits_.data() + (z * rows_ + y) * words_;
  }
  void swap(BitVolume& other) { bits_.swap(other.bits_); }

 private:
  std::int64_t rows_ = 0;
  std::int64_t words_ = 0;
  std::vector<std::uint64_t> bits_;
};

/// A block of whole rows of the volume.
struct Tile {
  std::int64_t z_begin = 0, z_end = 0;
  std::int64_t y_begin = 0, y_end = 0;
};

/// One sweep along z that takes the set of voxels of depth <= d (at the start: the labels) to depth <= d +
/// levels. Level k of plane z needs level k − 1 of planes z − 1 to z + 1 only, so a few planes of each level
/// are held at a time and stay in the processor's cache: labels and map cross the memory bus once.
struct DepthPass {
  core::LabelView labels;
  bool zero_border = false;
  int levels = 1;
  const BitVolume* from = nullptr;  ///< depth <= d; null at the start
  BitVolume* to = nullptr;          ///< takes depth <= d + levels; null where nobody asks
  /// One of the two maps. Added to it: the number of levels that a voxel is not in (and 1 at the start).
  std::uint8_t* depth = nullptr;
  std::int16_t* exact_depth = nullptr;
  /// In place of a map: 1 where a voxel is in the last level (background only where it is wanted), else 0.
  std::uint8_t* band = nullptr;
  bool band_of_background = false;
};

/// Of the last level within a tile.
struct TileResult {
  bool any_set = false;
  bool all_set = true;
};

/// Runs `pass` on one tile. Tiles are independent: each computes `levels` voxels around itself as well.
TileResult runTile(const DepthPass& pass, const Tile& tile);

/// Bytes that runTile works in, for a tile of `rows` rows (with those around it) of `width` voxels.
std::int64_t tileBytes(std::int64_t rows, std::int64_t width, int levels);

}  // namespace rind::contour
