#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "rind/exporting/loaded_model.h"

namespace rind::exporting {

/// One way to hand a trained network on: a new format is one file, one line in export_formats.cpp and one
/// test.
struct ExportFormat {
  /// As --format names it.
  std::string name;
  std::string title;
  /// Of the file it writes (".ts"), or empty where it writes a folder.
  std::string extension;
  std::function<void(const TrainedNetwork&, const std::filesystem::path&)> write;
};

const std::vector<ExportFormat>& exportFormats();

/// What `rind export` and the desktop's Export dialog do. Replaces `path` whole or leaves it. Throws
/// InputError: a format that is not known, a run without a checkpoint, a path that cannot be written.
void exportRun(const std::filesystem::path& run, const std::string& format,
               const std::filesystem::path& path);

}  // namespace rind::exporting
