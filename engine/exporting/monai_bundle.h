#pragma once

#include "rind/exporting/export_formats.h"

namespace rind::exporting {

/// Writes a MONAI bundle, a folder that `python -m monai.bundle run` takes: configs/metadata.json and
/// inference.json, models/model.ts (exportTorchScript's, whose axes are z, y, x), docs/README.md,
/// model_card.md and license.txt, and scripts/ where MONAI has no transform that does what the training did.
/// Replaces an older bundle whole. Throws InputError: `path` cannot be written, or is a folder that holds
/// anything else.
void exportMonaiBundle(const TrainedNetwork& run, const ExportNotes& notes,
                       const std::filesystem::path& path);

}  // namespace rind::exporting
