#pragma once

#include <cstddef>

#include "rind/core/preprocessing.h"

namespace rind::datasets {

/// Normalises one channel in place, (y − μ)/σ, as `normalisation` says (core/preprocessing.h). Percentiles
/// are taken over at most a million evenly spaced voxels. A constant channel becomes 0.
void normalise(float* voxels, std::size_t count, core::Normalisation normalisation);

/// Index of the first voxel that is NaN or infinite, or `count`.
std::size_t firstNotFinite(const float* voxels, std::size_t count);

}  // namespace rind::datasets
