#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "rind/datasets/data_set.h"

namespace rind::datasets {

/// One slice of a case as its files have it: nothing is resampled, normalised or cropped.
struct CaseSlice {
  core::Geometry geometry;           // one voxel thick
  std::vector<float> image;          // the first channel, in the file's units; 0 where it is no number
  std::vector<std::uint8_t> labels;  // class indices; all background where the case has no labels
};

/// Cuts a case along the array axis (0 z, 1 y, 2 x) that `axis` chooses, there where half of the labelled
/// voxels lie before it; in the middle of the volume where nothing is labelled. Holds one file at a time.
/// Throws InputError, and core::Interrupted where `cancel` was set.
CaseSlice readSlice(const DataSet& data, const CaseFiles& files,
                    const std::function<int(const core::Geometry&)>& axis, const std::atomic<bool>& cancel);

}  // namespace rind::datasets
