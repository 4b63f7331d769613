#pragma once

#include <ATen/core/Tensor.h>

#include "rind/core/prepared_case.h"

namespace rind::sampling {

struct Augmentation {
  double rotate = 0.2;  // probability of a rotation in the y-x plane
  double flip = 0.2;    // probability of a flip, y and x each
  /// Share of patches around a random foreground voxel, in cases larger than the patch.
  double foreground = 0.5;
  double scale = 0;      // probability of a zoom in the y-x plane
  double intensity = 0;  // probability of a change of contrast, brightness, gamma and noise each
};

/// Where a patch comes from. All random choices are a function of (seed, epoch, number).
struct PatchPlan {
  core::Extent3 size;
  Augmentation augmentation;
  std::uint64_t seed = 1;
  std::uint32_t epoch = 0;
  std::uint32_t number = 0;
};

/// Voxels outside the case: image 0 (the mean, after Z-score), background, depth 255, so never in a band.
struct Patch {
  at::Tensor image;       // float32 [C, D, H, W]
  at::Tensor labels;      // uint8 [D, H, W]
  at::Tensor depth;       // uint8 [D, H, W], replicate border, of the whole case
  at::Tensor depth_zero;  // the same with the zero border
  core::Index3 corner;    // of the patch in the case, before rotation
};

/// Cuts a patch at a random place (a share of them around a random foreground voxel), rotated by up to 15°
/// and zoomed by 0.8 to 1.25 (image linear, labels and depths nearest), flipped, and its intensities changed
/// (changeIntensity), each as planned. A band is that of the case, so zoomed it is thicker or thinner.
Patch cutPatch(const core::PreparedCase& prepared, const PatchPlan& plan);

}  // namespace rind::sampling
