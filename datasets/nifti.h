#pragma once

#include <filesystem>

#include "rind/datasets/raw_volume.h"

namespace rind::datasets {

/// Reads NIfTI-1 and NIfTI-2 single files, gzip or not, either byte order. The sform is used where its code
/// is set, else the qform, else spacing alone (the NIfTI-1 standard's methods 3, 2, 1); RAS becomes LPS,
/// units become mm. Throws InputError naming the file.
RawVolume readNifti(const std::filesystem::path& path);

/// Of its header alone.
core::Geometry readNiftiGeometry(const std::filesystem::path& path);
/// Voxels of all channels.
double readNiftiVoxels(const std::filesystem::path& path);

/// Writes a NIfTI-1 single file (gzip where the name ends in .gz) with equal qform and sform; voxels [C, z,
/// y, x] of type u8, u16, i16 or f32 in native byte order.
void writeNifti(const std::filesystem::path& path, const RawVolume& raw);

}  // namespace rind::datasets
