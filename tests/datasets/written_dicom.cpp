#include "written_dicom.h"

#include <algorithm>
#include <fstream>

namespace rind::datasets::testing {
namespace {

std::string littleEndian(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

std::string header(std::uint16_t group, std::uint16_t element, const std::string& type) {
  return littleEndian(group, 2) + littleEndian(element, 2) + type;
}

std::string element(std::uint16_t group, std::uint16_t number, const std::string& type, std::string value) {
  if (value.size() % 2 != 0) value += type == "UI" ? '\0' : ' ';
  return header(group, number, type) + littleEndian(static_cast<std::uint32_t>(value.size()), 2) + value;
}

std::string number(std::uint16_t group, std::uint16_t element_number, std::uint16_t value) {
  return element(group, element_number, "US", littleEndian(value, 2));
}

/// Bytes as literal runs of at most 128.
std::string literalRuns(const std::string& bytes) {
  std::string runs;
  for (std::size_t at = 0; at < bytes.size(); at += 128) {
    const std::string run = bytes.substr(at, 128);
    runs += static_cast<char>(run.size() - 1) + run;
  }
  return runs.size() % 2 != 0 ? runs + '\0' : runs;
}

std::string plainPixels(const std::vector<std::uint16_t>& voxels) {
  std::string bytes;
  for (const auto voxel : voxels) bytes += littleEndian(voxel, 2);
  return header(0x7fe0, 0x0010, "OW") + littleEndian(0, 2) +
         littleEndian(static_cast<std::uint32_t>(bytes.size()), 4) + bytes;
}

/// One frame of two segments, high bytes and low bytes, as a sequence of items.
std::string runLengthPixels(const std::vector<std::uint16_t>& voxels) {
  std::string high, low;
  for (const auto voxel : voxels) {
    high += static_cast<char>(voxel >> 8);
    low += static_cast<char>(voxel & 0xff);
  }
  const std::string first = literalRuns(high), second = literalRuns(low);
  std::string frame = littleEndian(2, 4) + littleEndian(64, 4) +
                      littleEndian(64 + static_cast<std::uint32_t>(first.size()), 4);
  frame.resize(64, '\0');
  frame += first + second;
  const auto item = [](const std::string& content) {
    return header(0xfffe, 0xe000, "") + littleEndian(static_cast<std::uint32_t>(content.size()), 4) + content;
  };
  return header(0x7fe0, 0x0010, "OB") + littleEndian(0, 2) + littleEndian(0xffffffff, 4) + item("") +
         item(frame) + header(0xfffe, 0xe0dd, "") + littleEndian(0, 4);
}

/// The elements that say what the pixels are, and the pixels.
std::string imageOf(const WrittenSlice& slice) {
  const bool colour = slice.samples > 1;
  return number(0x0028, 0x0002, slice.samples) +
         element(0x0028, 0x0004, "CS", colour ? "RGB" : "MONOCHROME2") +
         (colour ? number(0x0028, 0x0006, 0) : "") +
         (slice.frames > 1 ? element(0x0028, 0x0008, "IS", std::to_string(slice.frames)) : "") +
         number(0x0028, 0x0010, slice.rows) + number(0x0028, 0x0011, slice.columns) +
         element(0x0028, 0x0030, "DS", "1\\1") + number(0x0028, 0x0100, 16) + number(0x0028, 0x0101, 16) +
         number(0x0028, 0x0102, 15) + number(0x0028, 0x0103, 0) +
         (slice.run_length ? runLengthPixels(slice.voxels) : plainPixels(slice.voxels));
}

}  // namespace

void writeDicom(const std::filesystem::path& file, const WrittenSlice& slice) {
  const std::string instance = slice.series + "." + std::to_string(1000 + static_cast<int>(slice.z));
  const std::string meta =
      element(0x0002, 0x0002, "UI", slice.sop_class) + element(0x0002, 0x0003, "UI", instance) +
      element(0x0002, 0x0010, "UI", slice.run_length ? "1.2.840.10008.1.2.5" : "1.2.840.10008.1.2.1");
  std::ofstream(file, std::ios::binary)
      << std::string(128, '\0') << "DICM"
      << element(0x0002, 0x0000, "UL", littleEndian(static_cast<std::uint32_t>(meta.size()), 4)) << meta
      << element(0x0008, 0x0016, "UI", slice.sop_class) << element(0x0008, 0x0018, "UI", instance)
      << element(0x0008, 0x0060, "CS", "MR") << element(0x0020, 0x000d, "UI", "1.2.3")
      << element(0x0020, 0x000e, "UI", slice.series)
      << element(0x0020, 0x0032, "DS", "0\\0\\" + std::to_string(slice.z))
      << element(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0") << (slice.pixels ? imageOf(slice) : "");
}

}  // namespace rind::datasets::testing
