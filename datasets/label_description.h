#pragma once

#include <filesystem>

#include "rind/core/label_set.h"

namespace rind::datasets {

/// Writes ITK-SNAP's label descriptions (a text file: value, colour, opacity, visibility, name), whole or not
/// at all.
void writeLabelDescription(const std::filesystem::path& path, const core::LabelSet& labels);

}  // namespace rind::datasets
