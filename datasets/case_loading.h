#pragma once

#include <vector>

#include "rind/core/label_set.h"
#include "rind/datasets/preparation.h"
#include "rind/datasets/raw_volume.h"
#include "rind/datasets/volume_io.h"

namespace rind::datasets {

/// All channels of a case on one grid, as the files have them. Throws InputError: shapes or places that
/// differ.
Image readChannels(const std::vector<std::filesystem::path>& files);

/// The file that holds channel `c`; empty where there are none.
std::string fileOfChannel(const std::vector<std::filesystem::path>& files, int channels, std::size_t c);

/// How far two grids' corners are apart, in the smaller grid's voxels; infinite where the shapes differ.
double distanceInVoxels(const core::Geometry& a, const core::Geometry& b);

/// Grids further apart than this are taken to be of different images.
constexpr double kMostVoxelsApart = 0.5;

/// Throws InputError naming `file` where its grid is another than the case's first image's.
void requireSamePlace(const core::Geometry& image, const core::Geometry& other,
                      const std::filesystem::path& file);

/// Values as class indices. Throws InputError naming `where` for a value that the set does not name.
core::LabelVolume asClasses(const LabelFile& file, const core::LabelSet& labels, const std::string& where);

/// The position of a phantom's case in its set.
std::uint32_t phantomIndex(const DataSet& data, const CaseFiles& files);

}  // namespace rind::datasets
