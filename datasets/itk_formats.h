#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "rind/datasets/raw_volume.h"

namespace rind::datasets {

// What ITK reads for us. All throw InputError naming the file.

/// NRRD in encodings that text_header_formats.h does not know (text, bzip2, lists of files).
RawVolume readNrrdByItk(const std::filesystem::path& path);

/// The place of one DICOM file's pixels, in LPS and mm.
struct DicomSlice {
  std::filesystem::path file;
  std::string series;       // Series Instance UID
  std::string description;  // Series Description
  core::Extent3 size;       // z > 1 for a multi-frame file
  core::Spacing spacing;    // z from tags: not to be trusted for a stack of files
  std::array<double, 3> position = {};
  std::array<double, 3> row = {1, 0, 0};     // along x
  std::array<double, 3> column = {0, 1, 0};  // along y
  bool segmentation = false;                 // a DICOM SEG object: packed masks, not slices of an image
  std::string no_image;                      // empty, or why it is none, for after its name
};

DicomSlice readDicomSlice(const std::filesystem::path& path);
/// Rescaled intensities of `slice`, [z, y, x], to `voxels`.
void readDicomPixels(const DicomSlice& slice, float* voxels);

/// Whether the file begins as DICOM files do.
bool isDicomFile(const std::filesystem::path& path);

}  // namespace rind::datasets
