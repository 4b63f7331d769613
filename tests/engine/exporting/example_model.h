#pragma once

#include "rind/exporting/model_description.h"

namespace rind::exporting {

/// A small network of the given kind with all that describes it.
inline ModelDescription exampleModel(const std::string& network, const core::Extent3& wanted) {
  const auto patch = networks::fittingPatch(network, wanted);
  return {.network = {.name = network, .in_channels = 2, .classes = 3, .base_channels = 4, .patch = patch},
          .preprocessing = {.spacing = core::Spacing{1, 0.5, 0.5}, .normalisation = core::Normalisation::ct},
          .labels = core::makeLabelSet({{0, "background"}, {1, "liver"}, {4, "spleen"}}),
          .window = patch,
          .channels = {"T1w", "FLAIR"},
          .provenance = {{"seed", 3}}};
}

}  // namespace rind::exporting
