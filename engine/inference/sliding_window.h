#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

#include "rind/core/volume.h"

namespace rind::inference {

/// [B, C, D, H, W] f32 → logits [B, classes, D, H, W]: a network in evaluation mode. What it needs (device,
/// precision, memory format) is its own affair; the logits may come in any of them.
using Forward = std::function<at::Tensor(const at::Tensor&)>;

struct SlidingWindow {
  core::Extent3 window;
  /// Share of the window that neighbours have in common, in [0, 1).
  double overlap = 0.5;
  /// Windows a forward pass.
  int batch = 1;
  /// Also run every window flipped along each axis, and average (up to eight passes a window).
  bool mirror = false;
};

/// A normalised image, f32 [C, z, y, x], borrowed.
struct ImageView {
  const float* voxels = nullptr;
  int channels = 1;
  core::Extent3 size;
};

/// Called between windows, all from the calling thread; each may be empty.
struct Watch {
  /// Share done, in (0, 1].
  std::function<void(double)> progress;
  /// True to stop: predictLabels then throws core::Interrupted.
  std::function<bool()> cancelled;
  /// The slices from z on, as they are complete: softmax of the averaged logits, f32 [classes, slices, y, x].
  std::function<void(std::int64_t z, const at::Tensor& probabilities)> probabilities;
};

/// Class index of each voxel. Windows are weighed by a Gaussian (σ = 1/8 of the window along each axis, at
/// least 1e-3 of its peak) as in MONAI's sliding_window_inference: same windows, same padding (zeros, both
/// sides) where the image is smaller. Holds the logits of one window's depth of slices at a time, not of the
/// whole volume.
core::LabelVolume predictLabels(const Forward& forward, const ImageView& image, int classes,
                                const SlidingWindow& settings, const Watch& watch = {});

}  // namespace rind::inference
