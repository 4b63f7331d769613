#pragma once

#include <optional>

#include "rind/core/run_config.h"
#include "rind/datasets/data_set.h"

namespace rind::datasets {

/// What is done to the images of `data` in a run of this configuration: the protocol's, with the settings
/// that were given instead of its own. "amos": 1 mm, cropped to d×256×256. "brats": 1 mm, Z-score within the
/// brain, cropped to 128×160×160 around it. (Method, "Protocol".) "auto": data.preprocessing.
core::Preprocessing preprocessingFor(const DataSet& data, const core::RunConfig& config);

/// The patch to train with where none is given: AMOS 64×256×256, BraTS 128×160×160; none for "auto".
std::optional<core::Extent3> protocolPatch(const core::RunConfig& config);

}  // namespace rind::datasets
