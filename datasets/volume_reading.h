#pragma once

#include "rind/datasets/raw_volume.h"

namespace rind::datasets {

/// Reads a volume of any format that volume_io.h names, as its file stores it. Throws InputError naming the
/// file.
RawVolume readVolume(const std::filesystem::path& path, std::optional<core::Spacing> npy_spacing = {});

}  // namespace rind::datasets
