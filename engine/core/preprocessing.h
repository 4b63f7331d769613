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

/// Everything done to an image between its file and the network; stored with the run and in every exported
/// model.
struct Preprocessing {
  /// Target spacing in millimetres; none keeps each image's own grid.
  std::optional<Spacing> spacing;
  Normalisation normalisation = Normalisation::zscore;

  bool operator==(const Preprocessing&) const = default;
};

void to_json(nlohmann::json& json, const Preprocessing& preprocessing);
void from_json(const nlohmann::json& json, Preprocessing& preprocessing);

}  // namespace rind::core
