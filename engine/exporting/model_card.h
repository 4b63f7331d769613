#pragma once

#include <string>

#include "rind/exporting/export_formats.h"

namespace rind::exporting {

/// A model card in Markdown: use, input and output, data with its fingerprint, settings, changes made during
/// training, curve, validation scores with their conventions, versions. All of it from the run folder. Throws
/// InputError where run.json cannot be read.
std::string modelCard(const TrainedNetwork& run, const ExportNotes& notes);

/// The run folder's name, which is the model's.
std::string modelName(const TrainedNetwork& run);

/// "not stated" where `text` is empty.
std::string stated(const std::string& text);

/// "Anterior, Posterior": the foreground classes.
std::string foregroundNames(const ModelDescription& description);

}  // namespace rind::exporting
