#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "rind/core/geometry.h"

namespace rind::networks {

/// Everything that decides a network's shape; stored with its weights.
struct NetworkSettings {
  std::string name = "unet";
  int in_channels = 1;
  /// Classes, background included: the channels of the logits.
  int classes = 2;
  /// Kernels of the first convolution, doubled at every halving of the resolution (UNETR: the decoder's
  /// width).
  int base_channels = 16;
  /// The training patch, [z, y, x]. An axis of 1 makes the network two-dimensional across it; UNETR's
  /// position embedding has this size.
  core::Extent3 patch = {64, 128, 128};
  /// Whether coarser levels have logits of their own, which only training uses (Network::forwardScales).
  bool deep_supervision = false;

  bool operator==(const NetworkSettings&) const = default;
};

/// `wanted` with each axis rounded up to what the network allows; an axis of 1 stays 1. Throws InputError
/// naming
/// --network where it is not known.
core::Extent3 fittingPatch(const std::string& network, const core::Extent3& wanted);

/// Throws InputError naming --patch and the nearest that fits, or the first of the other settings that is
/// wrong.
void requireFits(const NetworkSettings& settings);

void to_json(nlohmann::json& json, const NetworkSettings& settings);
/// Throws nlohmann::json::exception where a key is missing or of another type.
void from_json(const nlohmann::json& json, NetworkSettings& settings);

}  // namespace rind::networks
