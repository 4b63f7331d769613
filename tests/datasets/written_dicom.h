#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rind::datasets::testing {

/// One slice of 16-bit voxels, 1 mm, axes along the patient's.
struct WrittenSlice {
  std::string series = "1.2.3.1";
  std::string sop_class = "1.2.840.10008.5.1.4.1.1.4";  // MR image
  double z = 0;                                         // mm
  std::uint16_t rows = 4, columns = 6;
  std::vector<std::uint16_t> voxels;  // rows × columns × samples × frames
  bool run_length = false;            // RLE lossless instead of plain
  std::uint16_t samples = 1;          // 3: RGB
  int frames = 1;
  bool pixels = true;  // false: neither pixels nor a size, as a report has
};

/// Writes it as DICOM, explicit little endian (PS3.5, 7.1.2, and annex G for run lengths).
void writeDicom(const std::filesystem::path& file, const WrittenSlice& slice);

}  // namespace rind::datasets::testing
