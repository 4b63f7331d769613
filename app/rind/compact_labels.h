#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rind/core/volume.h"

namespace rind::app {

/// Labels of a file as classes: 0 stays 0, other values are numbered in order of size.
struct CompactLabels {
  core::LabelVolume volume;
  std::vector<std::int32_t> values;  ///< by class; [0] is 0

  int classes() const { return static_cast<int>(values.size()); }
};

/// Throws InputError naming `file`: negative labels, or more than 255 values besides 0.
CompactLabels compactLabels(const core::Volume<std::int32_t>& labels, const std::string& file);

/// The values besides 0 that occur, in order.
std::vector<std::int32_t> foregroundValues(const core::Volume<std::int32_t>& labels, const std::string& file);

/// Classes by `values` ([0] is 0, the rest in order); every label has to be among them.
core::LabelVolume classesOf(const core::Volume<std::int32_t>& labels,
                            const std::vector<std::int32_t>& values);

}  // namespace rind::app
