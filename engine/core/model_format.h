#pragma once

#include <string>
#include <vector>

namespace rind::core {

/// A format in which a trained network is handed on. Here because both programs know it: `rind` writes it
/// (exporting/export_formats.h), the desktop offers it.
struct ModelFormat {
  /// As --format names it.
  std::string name;
  std::string title;
  /// Of the file (".ts"), or empty where it is a folder.
  std::string extension;
};

const std::vector<ModelFormat>& modelFormats();

}  // namespace rind::core
