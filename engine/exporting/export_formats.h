#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "rind/core/model_format.h"
#include "rind/exporting/loaded_model.h"

namespace rind::exporting {

/// What a receiver asks and a run does not know. Printed as "not stated" where empty.
struct ExportNotes {
  std::string authors;
  std::string licence;
};

/// One way to hand a trained network on: a new format is a line in core/model_format.cpp, one file here with
/// its line in export_formats.cpp, and one test.
struct ExportFormat {
  core::ModelFormat format;
  std::function<void(const TrainedNetwork&, const ExportNotes&, const std::filesystem::path&)> write;
};

const std::vector<ExportFormat>& exportFormats();

/// What `rind export` and the desktop's Export dialog do. Replaces `path` whole or leaves it. Returns a
/// warning to show where the weights are not the best epoch's, else nothing. Throws InputError: a format that
/// is not known, a run without a checkpoint, a path that cannot be written, or a folder in its place that
/// holds something else.
std::string exportRun(const std::filesystem::path& run, const std::string& format,
                      const std::filesystem::path& path, const ExportNotes& notes = {});

}  // namespace rind::exporting
