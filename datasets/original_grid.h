#pragma once

#include <cstddef>
#include <vector>

#include "rind/datasets/preparation.h"

namespace rind::datasets {

/// Probabilities [classes, z, y, x] on `prepared.geometry`, carried to the image's own grid: linear, class by
/// class, so that they still sum to 1; background outside the box that was cropped to; the same numbers where
/// the grids are equal.
std::vector<float> probabilitiesOnOriginalGrid(std::vector<float> probabilities, std::size_t classes,
                                               const PreparedImage& prepared);

}  // namespace rind::datasets
