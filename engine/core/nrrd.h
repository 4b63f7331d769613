#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "rind/core/volume.h"

namespace rind::core {

/// The text of a NRRD header for [z, y, x] voxels (or [C, z, y, x] where channels > 1) in LPS. `type` is
/// NRRD's name
/// ("uint8", "float"); `data_file` names the detached data, or is empty for data that follow.
struct NrrdHeader {
  Geometry geometry;
  std::string type;
  int channels = 1;
  std::string encoding = "raw";
  std::string data_file;
  /// Key and value of what else the file is to say; of one line each.
  std::vector<std::pair<std::string, std::string>> notes;
};
std::string nrrdHeaderText(const NrrdHeader& header);

/// A label map with its place in the patient, as previews and predictions are kept.
struct LabelImage {
  Geometry geometry;
  LabelVolume labels;
};

/// Writes one gzip-compressed `.nrrd`, whole or not at all.
void writeLabelNrrd(const std::filesystem::path& path, const Geometry& geometry, LabelView labels);

/// Reads what writeLabelNrrd wrote. Throws InputError naming the file.
LabelImage readLabelNrrd(const std::filesystem::path& path);

/// zlib's gzip format; the same bytes for the same input, of any size: zlib gets it in pieces of at most
/// `piece` bytes. `decompress` throws InputError when damaged or not `size` bytes.
constexpr std::size_t kLargestPiece = std::size_t{1} << 30;
std::string compress(const void* data, std::size_t size, std::size_t piece = kLargestPiece);
std::vector<std::uint8_t> decompress(const std::string& data, std::size_t size, const std::string& where);

}  // namespace rind::core
