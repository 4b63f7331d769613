#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rind/datasets/raw_volume.h"

namespace rind::datasets {

/// The fields of a NIfTI header that say what the voxels are and where they lie, of either version.
struct NiftiHeader {
  bool swapped = false;
  std::array<std::int64_t, 8> dim = {};
  int datatype = 0;
  std::array<double, 8> pixdim = {};
  std::int64_t data_offset = 0;
  double slope = 0;
  double intercept = 0;
  int units = 0;
  int qform_code = 0;
  int sform_code = 0;
  std::array<double, 3> quaternion = {};  // b, c, d
  std::array<double, 3> qoffset = {};
  std::array<double, 12> srow = {};  // row-major 3x4, RAS
};

constexpr std::size_t kNifti1Bytes = 348;
constexpr std::size_t kNifti2Bytes = 540;

/// The size that the first four bytes announce: 348 or 540 (of either byte order), else 0.
std::size_t niftiHeaderBytes(const std::byte* first_four);

/// `bytes` holds a whole header. Throws InputError naming `where`.
NiftiHeader parseNiftiHeader(const std::vector<std::byte>& bytes, const std::string& where);

/// Size, spacing, origin and direction (LPS, mm), checked; mended with a note where needed.
core::Geometry niftiGeometry(const NiftiHeader& header, const std::string& where,
                             std::vector<std::string>& notes);

/// A NIfTI-1 header of 348 bytes for [C, z, y, x] voxels.
std::vector<std::byte> makeNiftiHeader(const core::Geometry& geometry, int channels, VoxelType type);

VoxelType niftiVoxelType(int datatype, const std::string& where);

}  // namespace rind::datasets
