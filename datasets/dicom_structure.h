#pragma once

#include <filesystem>
#include <string>

namespace rind::datasets {

/// Walks through a DICOM file's elements (PS3.5, chapter 7) and checks that each lies within the file and
/// that there are as many pixels as the header says. GDCM ends the process on some files that fail this.
/// Throws InputError naming the file. Deflated and big-endian files are taken on trust.
///
/// Empty, or why the file is no image of one number a voxel, for after its name: reports, contours,
/// presentation states and directories have neither pixels nor a size; screenshots are in colour.
std::string requireWholeDicom(const std::filesystem::path& path);

}  // namespace rind::datasets
