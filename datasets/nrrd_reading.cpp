#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "rind/core/error.h"
#include "rind/datasets/itk_formats.h"
#include "rind/datasets/text_header.h"
#include "rind/datasets/text_header_formats.h"

namespace rind::datasets {
namespace {

const std::string kList = "LIST";

// Fields and names: teem.sourceforge.net/nrrd/format.html.

core::InputError damaged(const std::string& where, const std::string& what) {
  return core::InputError(where, what, "copy or convert the file again");
}

VoxelType typeOf(const std::string& name, const std::string& where) {
  static const std::map<std::string, VoxelType> types = {
      {"signed char", VoxelType::i8},   {"int8", VoxelType::i8},
      {"int8_t", VoxelType::i8},        {"uchar", VoxelType::u8},
      {"unsigned char", VoxelType::u8}, {"uint8", VoxelType::u8},
      {"uint8_t", VoxelType::u8},       {"short", VoxelType::i16},
      {"short int", VoxelType::i16},    {"signed short", VoxelType::i16},
      {"int16", VoxelType::i16},        {"int16_t", VoxelType::i16},
      {"ushort", VoxelType::u16},       {"unsigned short", VoxelType::u16},
      {"uint16", VoxelType::u16},       {"uint16_t", VoxelType::u16},
      {"int", VoxelType::i32},          {"signed int", VoxelType::i32},
      {"int32", VoxelType::i32},        {"int32_t", VoxelType::i32},
      {"uint", VoxelType::u32},         {"unsigned int", VoxelType::u32},
      {"uint32", VoxelType::u32},       {"uint32_t", VoxelType::u32},
      {"longlong", VoxelType::i64},     {"long long", VoxelType::i64},
      {"int64", VoxelType::i64},        {"int64_t", VoxelType::i64},
      {"ulonglong", VoxelType::u64},    {"unsigned long long", VoxelType::u64},
      {"uint64", VoxelType::u64},       {"uint64_t", VoxelType::u64},
      {"float", VoxelType::f32},        {"double", VoxelType::f64}};
  const auto found = types.find(name);
  if (found == types.end()) throw damaged(where, "has voxels of type \"" + name + "\"");
  return found->second;
}

/// Each axis's vector in the file's space; none for an axis that is not in space.
std::vector<std::optional<std::array<double, 3>>> directionsOf(const TextHeader& header, std::size_t axes,
                                                               const std::string& where) {
  std::vector<std::optional<std::array<double, 3>>> out;
  std::string text = header.value("space directions");
  std::istringstream in(text);
  for (std::string word; in >> word;) {
    if (word.rfind("none", 0) == 0) {
      out.emplace_back();
      continue;
    }
    while (word.find(')') == std::string::npos) {  // "(1, 0, 0)" with spaces in it
      std::string more;
      if (!(in >> more)) throw damaged(where, "has space directions that cannot be read");
      word += more;
    }
    const auto numbers = numbersIn(word);
    if (!numbers || numbers->size() != 3)
      throw damaged(where, "has space directions that are not three-dimensional");
    out.push_back(std::array{numbers->at(0), numbers->at(1), numbers->at(2)});
  }
  if (!out.empty() && out.size() != axes)
    throw damaged(where, "has more or fewer space directions than axes");
  if (std::count(out.begin(), out.end(), std::nullopt) > 1)
    throw damaged(where, "has more than one axis that is not in space");
  return out;
}

/// Signs that bring the file's space to LPS.
std::array<double, 3> signsOf(std::string space) {
  if (space == "right-anterior-superior" || space == "RAS") return {-1, -1, 1};
  if (space == "left-anterior-superior" || space == "LAS") return {1, -1, 1};
  return {1, 1, 1};
}

struct Axes {
  std::vector<std::int64_t> sizes;
  std::vector<std::optional<std::array<double, 3>>> directions;
  std::vector<double> spacings;
  /// Position of the axis of channels, or the number of axes.
  std::size_t channel_axis = 0;
};

Axes axesOf(const TextHeader& header, const std::string& where) {
  const auto dimension = header.numbers("dimension");
  if (dimension.size() != 1 || !(dimension[0] >= 2 && dimension[0] <= 4))
    throw damaged(where, "has no dimension from 2 to 4");
  Axes axes;
  const auto count = static_cast<std::size_t>(dimension[0]);
  axes.sizes = wholeExtents(header.numbers("sizes"), count, where);
  axes.directions = directionsOf(header, count, where);
  axes.spacings = header.numbers("spacings");
  axes.channel_axis = count;
  for (std::size_t k = 0; k < axes.directions.size(); ++k)
    if (!axes.directions[k]) axes.channel_axis = k;
  std::istringstream kinds(header.value("kinds"));
  std::string kind;
  for (std::size_t k = 0; kinds >> kind && k < count; ++k)
    if (axes.directions.empty() &&
        (kind == "list" || kind == "vector" || kind.find("color") != std::string::npos))
      axes.channel_axis = k;
  if (axes.channel_axis == count && count == 4) axes.channel_axis = 3;
  if (axes.channel_axis != 0 && axes.channel_axis < count - 1)
    throw damaged(where, "has its channels along a middle axis");
  return axes;
}

core::Geometry geometryOf(const TextHeader& header, const Axes& axes, const std::string& where) {
  const auto signs = signsOf(header.value("space"));
  std::array<std::int64_t, 3> size = {1, 1, 1};
  std::array<double, 3> spacing = {1, 1, 1};
  core::Geometry g;
  std::size_t to = 0;
  for (std::size_t k = 0; k < axes.sizes.size(); ++k) {
    if (k == axes.channel_axis) continue;
    if (to > 2) throw damaged(where, "has more than three axes in space");
    size[to] = axes.sizes[k];
    if (!axes.directions.empty() && axes.directions[k]) {
      const auto& d = *axes.directions[k];
      spacing[to] = std::hypot(d[0], d[1], d[2]);
      for (std::size_t r = 0; r < 3; ++r) g.direction[3 * r + to] = signs[r] * d[r] / spacing[to] + 0.0;
    } else if (k < axes.spacings.size()) {
      spacing[to] = axes.spacings[k];
    }
    ++to;
  }
  g.size = {size[2], size[1], size[0]};
  g.spacing = {spacing[2], spacing[1], spacing[0]};
  const auto origin = header.numbers("space origin");
  if (!origin.empty() && origin.size() != 3)
    throw damaged(where, "has a space origin that is not three-dimensional");
  for (std::size_t r = 0; r < origin.size(); ++r) g.origin[r] = signs[r] * origin[r] + 0.0;
  return g;
}

/// A field that is written as one word or as two.
std::string either(const TextHeader& header, const std::string& first, const std::string& second) {
  return header.fields.count(first + " " + second) ? header.value(first + " " + second)
                                                   : header.value(first + second);
}

std::int64_t skipOf(const TextHeader& header, const std::string& what, const std::string& where) {
  const auto numbers = numbersIn(either(header, what, "skip"));
  if (numbers && numbers->empty()) return 0;
  if (!numbers || numbers->size() != 1 || !(numbers->front() >= -1 && numbers->front() < 1e12))
    throw damaged(where, "skips an impossible number of bytes or lines");
  return static_cast<std::int64_t>(numbers->front());
}

/// Whether the data are of a kind that is left to ITK.
bool isUnusual(const TextHeader& header, const std::string& data_file, const std::string& where) {
  const std::string encoding = header.value("encoding");
  const bool skips = skipOf(header, "line", where) != 0 || skipOf(header, "byte", where) != 0;
  const bool list = data_file.rfind(kList, 0) == 0 || data_file.find('%') != std::string::npos;
  return (encoding != "raw" && encoding != "gzip" && encoding != "gz") || skips || list;
}

/// The file names after "data file: LIST", one a line to the header's end.
std::vector<std::string> listedFiles(const TextHeader& header) {
  const std::string key = header.fields.count("data file") ? "data file" : "datafile";
  std::ifstream in(header.file);
  in.seekg(static_cast<std::streamoff>(readTextHeader(header.file, ':', key).data_offset));
  std::vector<std::string> names;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) names.push_back(line);
  }
  return names;
}

/// A list of data files is ITK's to read, but only one without a fault: ITK 5.2 tells of a fault from memory
/// that it has given back.
void checkListedFiles(const TextHeader& header, const std::string& data_file) {
  const std::vector<double> sizes = header.numbers("sizes"), axis = header.numbers("dimension");
  const auto axes = static_cast<double>(sizes.size());
  auto per_file = numbersIn(data_file.substr(kList.size()));
  if (per_file && per_file->empty()) per_file->push_back(axes - 1);
  if (axis != std::vector{axes} || !per_file || per_file->size() != 1 ||
      !(per_file->front() >= 1 && per_file->front() <= axes))
    throw damaged(header.file, "has a list of data files that cannot be read");
  const std::vector<std::string> names = listedFiles(header);
  const auto count = static_cast<double>(names.size());
  double needed = 1;
  for (auto k = static_cast<std::size_t>(per_file->front()); k < sizes.size(); ++k) needed *= sizes[k];
  const bool fits =
      per_file->front() == axes ? count > 0 && std::fmod(sizes.back(), count) == 0 : count == needed;
  if (!fits)
    throw damaged(header.file,
                  "lists " + std::to_string(names.size()) + " data files, which do not make its sizes");
  const std::filesystem::path folder = std::filesystem::path(header.file).parent_path();
  for (const std::string& name : names)
    if (!std::filesystem::is_regular_file(folder / name))
      throw core::InputError(header.file, "lists the data file " + name + ", which is missing",
                             "copy it beside the header");
}

}  // namespace

std::vector<std::filesystem::path> dataFilesOfNrrd(const std::filesystem::path& path) {
  const TextHeader header = readTextHeader(path, ':', "");
  const std::string file = either(header, "data", "file");
  if (file.empty()) return {};
  if (file.rfind(kList, 0) == 0) return besideHeader(path, listedFiles(header));
  if (file.find('%') != std::string::npos) return besideHeader(path, namesOfPattern(file, path.string()));
  return besideHeader(path, {file});
}

RawVolume readNrrd(const std::filesystem::path& path) {
  const std::string where = path.string();
  const TextHeader header = readTextHeader(path, ':', "");
  if (header.first_line.rfind("NRRD000", 0) != 0) throw damaged(where, "is not a NRRD file");
  const std::string data_file = either(header, "data", "file");
  if (data_file.rfind(kList, 0) == 0) checkListedFiles(header, data_file);
  if (isUnusual(header, data_file, where)) return readNrrdByItk(path);
  RawVolume raw;
  raw.type = typeOf(header.value("type"), where);
  const Axes axes = axesOf(header, where);
  raw.geometry = geometryOf(header, axes, where);
  const bool has_channels = axes.channel_axis < axes.sizes.size();
  const std::int64_t channels = has_channels ? axes.sizes[axes.channel_axis] : 1;
  checkedBytes({raw.geometry.size, channels, bytesOf(raw.type), 1e12}, where);
  raw.channels = static_cast<int>(channels);
  raw.interleaved = has_channels && axes.channel_axis == 0;
  mendGeometry(raw.geometry, where, raw.notes);
  VoxelData data;
  data.file = data_file.empty() ? path : path.parent_path() / data_file;
  data.offset = data_file.empty() ? header.data_offset : 0;
  data.packing = header.value("encoding") == "raw" ? Packing::none : Packing::deflate;
  data.big_endian = header.value("endian") == "big";
  readVoxels(data, raw, where);
  return raw;
}

}  // namespace rind::datasets
