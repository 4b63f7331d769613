#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rind/datasets/volume_io.h"

namespace rind::datasets {

enum class VoxelType { u8, i8, u16, i16, u32, i32, u64, i64, f32, f64 };
std::size_t bytesOf(VoxelType type);

/// A volume as its file stores it: native byte order, [C, z, y, x], or [z, y, x, C] where `interleaved`.
struct RawVolume {
  core::Geometry geometry;
  int channels = 1;
  bool interleaved = false;
  VoxelType type = VoxelType::u8;
  std::vector<std::byte> bytes;
  /// Meaning = slope · stored + intercept.
  double slope = 1;
  double intercept = 0;
  std::vector<std::string> notes;
};

Image toImage(RawVolume raw);
/// The intensities that `raw` means, [C, z, y, x], to `out`.
void toFloats(const RawVolume& raw, float* out);
/// Throws InputError naming `where`: more than one channel, a value that is not an integer or out of range.
LabelFile toLabels(const RawVolume& raw, const std::string& where);

/// What a header claims, before anything is allocated for it. Throws InputError: an extent that is not
/// positive or larger than any volume, more bytes than `most_bytes` (what the file can hold), or than the
/// memory that is left.
struct ClaimedSize {
  core::Extent3 size;
  std::int64_t channels = 1;
  std::size_t bytes_per_voxel = 1;
  double most_bytes = 0;
};
std::size_t checkedBytes(const ClaimedSize& claimed, const std::string& where);

/// Checks spacing, origin and direction; directions that are off by a hair are made orthogonal, with a note.
/// Throws InputError: not finite, not positive, sheared so that a corner would move by half a voxel or more.
void mendGeometry(core::Geometry& geometry, const std::string& where, std::vector<std::string>& notes);

}  // namespace rind::datasets
