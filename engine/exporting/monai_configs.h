#pragma once

#include <nlohmann/json.hpp>

#include "rind/exporting/export_formats.h"

namespace rind::exporting {

/// configs/metadata.json: every key that MONAI's schema demands (the one named in it), and "license".
nlohmann::ordered_json monaiMetadata(const TrainedNetwork& run, const ExportNotes& notes);

/// configs/inference.json: from files to label maps on the images' own grids, as `rind predict` makes them.
/// MONAI's arrays are [C, x, y, z] and its windows are then too; the network's are [C, z, y, x], hence the
/// transpositions.
nlohmann::ordered_json monaiInference(const ModelDescription& description);

/// Whether inference.json refers to scripts/rind_transforms.py: MONAI resamples without widening its kernel
/// for coarser grids, interpolates percentiles, and crops where rind predict does not.
bool needsOwnTransforms(const core::Preprocessing& preprocessing);

}  // namespace rind::exporting
