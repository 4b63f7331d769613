#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "rind/core/geometry.h"

namespace rind::core {

/// How intensities become network input, per image and channel (Protocol: Z-score (y − μ)/σ).
/// `zscore`: over all voxels. `zscore_nonzero`: over voxels that are not 0 (skull-stripped MRI); the others
/// become 0. `ct`: clipped to the image's 0.5 and 99.5 percentiles, then Z-score.
enum class Normalisation { zscore, zscore_nonzero, ct };

/// How an image is resampled. Labels always go by linear interpolation of each class, then the largest.
/// `bspline`: cubic, where the new grid is finer; along an axis where it is coarser, linear with a kernel
/// that widens with it, as `linear` does.
enum class Interpolation { linear, bspline };

/// What is cut away after intensities are normalised, so that it changes no voxel that stays.
struct Crop {
  /// To the box of voxels that are not 0 in some channel. In predictions too, where the rest is background.
  bool nonzero = false;
  /// Then to this much around the middle of that box (or of the image); 0 keeps an axis as it is (Protocol:
  /// AMOS d×256×256, BraTS 128×160×160). For training and validation only: a prediction covers the rest too.
  Extent3 size;

  bool operator==(const Crop&) const = default;
};

/// "none", "nonzero", "DxHxW" ("d" or 0 keeps an axis whole), or "nonzero,DxHxW". Throws InputError.
Crop parseCrop(const std::string& text);
std::string toString(const Crop& crop);

Interpolation parseInterpolation(const std::string& text);
std::string toString(Interpolation interpolation);

/// Everything done to an image between its file and the network; stored with the run and in every exported
/// model.
struct Preprocessing {
  /// Target spacing in millimetres; none keeps each image's own grid.
  std::optional<Spacing> spacing;
  Normalisation normalisation = Normalisation::zscore;
  Interpolation interpolation = Interpolation::linear;
  Crop crop;

  bool operator==(const Preprocessing&) const = default;
};

void to_json(nlohmann::json& json, const Preprocessing& preprocessing);
void from_json(const nlohmann::json& json, Preprocessing& preprocessing);

}  // namespace rind::core
