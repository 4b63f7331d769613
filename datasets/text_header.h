#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rind/datasets/gzip_reader.h"
#include "rind/datasets/raw_volume.h"

namespace rind::datasets {

/// The lines "key SEPARATOR value" before a volume's data. Keys in lower case.
struct TextHeader {
  std::string file;
  std::string first_line;
  std::map<std::string, std::string> fields;
  /// Where attached data begin.
  std::size_t data_offset = 0;

  std::string value(const std::string& key) const;
  /// Numbers of a field, whatever stands between them (NaN and infinity among them); none where it is absent.
  /// Throws InputError: it holds anything else.
  std::vector<double> numbers(const std::string& key) const;
};

/// Reads lines up to an empty one, or up to and with the field `last_key` (MetaImage). Throws InputError:
/// longer than any header, or not text.
TextHeader readTextHeader(const std::filesystem::path& path, char separator, const std::string& last_key);

/// Whole extents from 1 up. Throws InputError naming `where`.
std::vector<std::int64_t> wholeExtents(const std::vector<double>& numbers, std::size_t count,
                                       const std::string& where);

/// Numbers of a text with blanks, commas or brackets between; nothing where it holds anything else.
std::optional<std::vector<double>> numbersIn(std::string_view text);

/// "name%03d.raw first last step", as printf would write them. Throws InputError naming `where`.
std::vector<std::string> namesOfPattern(const std::string& text, const std::string& where);

/// Files in the header's folder.
std::vector<std::filesystem::path> besideHeader(const std::filesystem::path& header,
                                                const std::vector<std::string>& names);

/// Where the voxels are.
struct VoxelData {
  std::filesystem::path file;
  std::size_t offset = 0;
  std::int64_t skip = 0;  // bytes behind `offset`; −1: the data are the file's last bytes
  Packing packing = Packing::none;
  bool big_endian = false;
  bool as_text = false;
};

/// Reads raw.channels volumes of raw.geometry.size voxels, after checking that they can be there.
void readVoxels(const VoxelData& data, RawVolume& raw, const std::string& where);

}  // namespace rind::datasets
