#include <algorithm>
#include <sstream>

#include "rind/core/error.h"
#include "rind/datasets/text_header.h"
#include "rind/datasets/text_header_formats.h"

namespace rind::datasets {
namespace {

// Fields: itk.org/Wiki/MetaIO/Documentation.

using namespace std::string_literals;

constexpr double kLongestList = 1 << 24;  // bytes

core::InputError damaged(const std::string& where, const std::string& what) {
  return core::InputError(where, what, "copy or convert the file again");
}

VoxelType typeOf(const std::string& name, const std::string& where) {
  static const std::map<std::string, VoxelType> types = {
      {"MET_CHAR", VoxelType::i8},        {"MET_UCHAR", VoxelType::u8},  {"MET_SHORT", VoxelType::i16},
      {"MET_USHORT", VoxelType::u16},     {"MET_INT", VoxelType::i32},   {"MET_UINT", VoxelType::u32},
      {"MET_LONG", VoxelType::i32},       {"MET_ULONG", VoxelType::u32}, {"MET_LONG_LONG", VoxelType::i64},
      {"MET_ULONG_LONG", VoxelType::u64}, {"MET_FLOAT", VoxelType::f32}, {"MET_DOUBLE", VoxelType::f64}};
  const auto found = types.find(name);
  if (found == types.end()) throw damaged(where, "has voxels of type \"" + name + "\"");
  return found->second;
}

bool isTrue(const std::string& value) {
  return value == "True" || value == "true" || value == "1" || value == "TRUE";
}

/// The first of several names for one field.
std::vector<double> firstOf(const TextHeader& header, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (header.fields.count(name)) return header.numbers(name);
  return {};
}

/// The lines behind "ElementDataFile = LIST".
std::vector<std::string> namesOfList(const TextHeader& header, const std::filesystem::path& path) {
  GzipReader file(path, header.data_offset, Packing::none);
  if (file.left() > kLongestList) throw damaged(path.string(), "has a list of data files that has no end");
  std::string text(static_cast<std::size_t>(file.left()), '\0');
  file.read(text.data(), text.size());
  std::istringstream lines(text);
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);) {
    line.erase(line.find_last_not_of(" \t\r\n\0"s) + 1);
    if (!line.empty()) names.push_back(line);
  }
  return names;
}

/// Data in several files: one a step along the last axis.
void readPieces(const std::vector<std::string>& names, const VoxelData& data, RawVolume& raw,
                const std::string& where) {
  const bool by_channel = raw.channels > 1 && !raw.interleaved;
  const auto steps = static_cast<std::size_t>(by_channel ? raw.channels : raw.geometry.size.z);
  if (names.size() != steps)
    throw damaged(where, "names " + std::to_string(names.size()) + " data files where it has " +
                             std::to_string(steps) + (by_channel ? " channels" : " slices"));
  RawVolume piece = raw;
  if (by_channel)
    piece.channels = 1;
  else
    piece.geometry.size.z = 1;
  for (const auto& name : names) {
    VoxelData one = data;
    one.file = std::filesystem::path(where).parent_path() / name;
    readVoxels(one, piece, where);
    raw.bytes.insert(raw.bytes.end(), piece.bytes.begin(), piece.bytes.end());
  }
  raw.type = piece.type;
}

/// Bytes before the data of a file of their own; −1: the data are its last bytes.
std::int64_t skippedOf(const TextHeader& header, const std::string& where) {
  const auto skipped = header.numbers("headersize");
  if (skipped.empty()) return 0;
  if (!(skipped[0] >= -1 && skipped[0] < 1e12))
    throw damaged(where, "has a HeaderSize that is no number of bytes");
  return static_cast<std::int64_t>(skipped[0]);
}

/// Numbers of a field that has `count` of them where it is there.
std::vector<double> exactly(std::size_t count, const std::vector<double>& numbers, const TextHeader& header) {
  if (!numbers.empty() && numbers.size() != count)
    throw damaged(header.file, "has a field of geometry that does not fit its number of axes");
  return numbers;
}

core::Geometry geometryOf(const TextHeader& header, const std::vector<std::int64_t>& sizes) {
  const std::size_t axes = sizes.size();
  const auto spacing = exactly(axes, firstOf(header, {"elementspacing", "elementsize"}), header);
  const auto origin = exactly(axes, firstOf(header, {"offset", "position", "origin"}), header);
  const auto matrix =
      exactly(axes * axes, firstOf(header, {"transformmatrix", "rotation", "orientation"}), header);
  const auto step = [&](std::size_t k) { return k < spacing.size() ? spacing[k] : 1; };
  core::Geometry g;
  g.size = {axes > 2 ? sizes[2] : 1, sizes[1], sizes[0]};
  g.spacing = {step(2), step(1), step(0)};
  const std::size_t in_space = std::min<std::size_t>(axes, 3);
  for (std::size_t k = 0; k < in_space; ++k) {
    if (!origin.empty()) g.origin[k] = origin[k];
    for (std::size_t r = 0; r < in_space && !matrix.empty(); ++r)
      g.direction[3 * r + k] = matrix[k * axes + r];
  }
  return g;
}

bool isAttached(const std::string& data_file) {
  return data_file == "LOCAL" || data_file == "Local" || data_file == "local";
}

/// Names of the files of data that are in several; nothing where they are in one.
std::vector<std::string> namesOfPieces(const TextHeader& header, const std::filesystem::path& path) {
  const std::string file = header.value("elementdatafile");
  if (file.rfind("LIST", 0) == 0) return namesOfList(header, path);
  if (file.find('%') != std::string::npos) return namesOfPattern(file, path.string());
  return {};
}

}  // namespace

std::vector<std::filesystem::path> dataFilesOfMetaImage(const std::filesystem::path& path) {
  const TextHeader header = readTextHeader(path, '=', "elementdatafile");
  const std::string file = header.value("elementdatafile");
  if (file.empty() || isAttached(file)) return {};
  std::vector<std::string> names = namesOfPieces(header, path);
  if (names.empty()) names = {file};
  return besideHeader(path, names);
}

RawVolume readMetaImage(const std::filesystem::path& path) {
  const std::string where = path.string();
  const TextHeader header = readTextHeader(path, '=', "elementdatafile");
  const auto axes = header.numbers("ndims");
  if (axes.size() != 1 || !header.fields.count("elementdatafile") || !(axes[0] >= 2 && axes[0] <= 4))
    throw damaged(where, "is no MetaImage of 2 to 4 axes, or is cut short");
  RawVolume raw;
  raw.type = typeOf(header.value("elementtype"), where);
  const auto sizes = wholeExtents(header.numbers("dimsize"), static_cast<std::size_t>(axes[0]), where);
  raw.geometry = geometryOf(header, sizes);
  const auto interleaved = header.numbers("elementnumberofchannels");
  const std::int64_t components = interleaved.empty() ? 1 : wholeExtents(interleaved, 1, where)[0];
  const std::int64_t fourth = sizes.size() > 3 ? sizes[3] : 1;
  if (components > 1 && fourth > 1) throw damaged(where, "has channels along two axes");
  raw.interleaved = components > 1;
  checkedBytes({raw.geometry.size, std::max(components, fourth), bytesOf(raw.type), 1e12}, where);
  raw.channels = static_cast<int>(std::max(components, fourth));
  mendGeometry(raw.geometry, where, raw.notes);
  const std::string file = header.value("elementdatafile");
  const bool attached = isAttached(file);
  VoxelData data;
  data.file = attached ? path : path.parent_path() / file;
  data.skip = skippedOf(header, where);
  data.offset = attached ? header.data_offset : 0;
  data.as_text = header.fields.count("binarydata") && !isTrue(header.value("binarydata"));
  data.packing = isTrue(header.value("compresseddata")) ? Packing::deflate : Packing::none;
  if (data.packing == Packing::deflate && (data.as_text || data.skip != 0))
    throw damaged(where, "is compressed and yet skips bytes or is text");
  data.big_endian =
      isTrue(header.value("binarydatabyteordermsb")) || isTrue(header.value("elementbyteordermsb"));
  const bool pieces = file.rfind("LIST", 0) == 0 || file.find('%') != std::string::npos;
  if (pieces)
    readPieces(namesOfPieces(header, path), data, raw, where);
  else
    readVoxels(data, raw, where);
  return raw;
}

}  // namespace rind::datasets
