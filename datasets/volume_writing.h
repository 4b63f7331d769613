#pragma once

#include <filesystem>

#include "rind/datasets/raw_volume.h"

namespace rind::datasets {

/// Writes u8, u16, i16 or f32 voxels [C, z, y, x] in the format of the extension, whole or not at all. Voxels
/// that a header (.nhdr, .mhd) names lie beside it as "NAME.nhdr.raw".
void writeVolume(const std::filesystem::path& path, const RawVolume& raw);

/// The volume extension of a name in lower case (".nii.gz" and ".seg.nrrd" as one), or empty.
std::string volumeExtension(const std::filesystem::path& path);

}  // namespace rind::datasets
