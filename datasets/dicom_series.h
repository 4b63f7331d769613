#pragma once

#include <string>
#include <vector>

#include "rind/datasets/itk_formats.h"

namespace rind::datasets {

/// The slices of one series, sorted along their normal.
struct DicomSeries {
  std::string id;
  std::string description;
  std::vector<DicomSlice> slices;
};

/// What a folder holds.
struct DicomFolder {
  std::vector<DicomSeries> series;                   // images, sorted by id
  std::vector<std::filesystem::path> segmentations;  // SEG objects, which are not read
  std::vector<DicomSlice> others;                    // no images: reports, contours, colour pictures
};

/// The DICOM files of a folder (its sub-folders apart); others are passed over. Throws InputError naming a
/// DICOM file that cannot be read.
DicomFolder dicomFolder(const std::filesystem::path& folder);

/// Grid of a series: the step from the positions, not from the tags. Throws InputError naming the slices: two
/// in one place, one that is missing, sizes or directions that differ, a stack that is sheared.
core::Geometry seriesGeometry(const DicomSeries& series, std::vector<std::string>& notes);

/// A folder that holds one series, or a file (its whole series is read). Throws InputError.
Image readDicom(const std::filesystem::path& folder_or_file);

}  // namespace rind::datasets
