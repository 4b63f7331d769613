#pragma once

#include <string>

#include "rind/core/label_set.h"
#include "rind/core/volume.h"

namespace rind::workbench {

/// Class indices with their place in the patient and the classes' names.
struct LabelMap {
  core::Geometry geometry;
  core::LabelVolume labels;
  core::LabelSet classes;
};

/// The label map that `source` stands for, on its file's own grid: a volume of labels (names and colours from
/// a .seg.nrrd's segments), a run's newest kept prediction, or the reference of a data set's case (`case_id`,
/// or the first with labels). Throws InputError: none of these, or no such case.
LabelMap readLabelMap(const std::string& source, const std::string& case_id);

}  // namespace rind::workbench
