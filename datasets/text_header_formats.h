#pragma once

#include <filesystem>

#include "rind/datasets/raw_volume.h"

namespace rind::datasets {

/// Reads NRRD (.nrrd, .nhdr) with raw or gzip data, attached or in one file beside it; others through ITK.
/// Throws InputError naming the file.
RawVolume readNrrd(const std::filesystem::path& path);

/// The files beside a NRRD or a MetaImage that its header names as its data; nothing where they are attached.
/// Throw InputError naming the file.
std::vector<std::filesystem::path> dataFilesOfNrrd(const std::filesystem::path& path);
std::vector<std::filesystem::path> dataFilesOfMetaImage(const std::filesystem::path& path);

/// Reads MetaImage (.mha, .mhd) with raw, zlib or text data, attached or in files beside it (one, LIST,
/// or a pattern). Throws InputError naming the file.
RawVolume readMetaImage(const std::filesystem::path& path);

}  // namespace rind::datasets
