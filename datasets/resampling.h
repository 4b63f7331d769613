#pragma once

#include "rind/core/preprocessing.h"
#include "rind/core/volume.h"

namespace rind::datasets {

/// The grid of another spacing that covers the same box: outer corners stay, extents are rounded. An axis
/// whose spacing is within 0.1 % of the wanted one is left alone.
core::Geometry resampledGrid(const core::Geometry& grid, const core::Spacing& spacing);

/// One channel [z, y, x] from grid to grid of the same box (resampledGrid, either way). Linear; along an axis
/// where the new grid is coarser the kernel widens with it, so that nothing between its points is lost. Cubic
/// B-splines (Unser 1999, mirrored at the ends) along an axis where it is finer, if asked for.
void resampleImage(const float* voxels, const core::Geometry& from, const core::Geometry& to,
                   core::Interpolation interpolation, float* out);

/// Labels: each class's indicator resampled as an image, then the class with the most (the lowest of equals).
core::LabelVolume resampleLabels(core::LabelView labels, const core::Geometry& from,
                                 const core::Geometry& to);

}  // namespace rind::datasets
