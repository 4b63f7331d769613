#pragma once

#include <QString>
#include <filesystem>
#include <string>

#include "rind/rendering/surface_files.h"

namespace rind::workbench {

/// What was written.
struct SurfaceReport {
  std::vector<std::filesystem::path> files;
  std::size_t organs = 0;
  long long triangles = 0;
};

/// Meshes the `wanted` classes (by class) of a label map whole and writes them. Throws InputError.
struct SurfaceWish {
  core::Geometry geometry;
  core::LabelView labels;
  const core::LabelSet& classes;
  std::vector<bool> wanted;
};
SurfaceReport exportSurfaces(const SurfaceWish& wish, const std::filesystem::path& path);

/// The same without a window, for `source` as readLabelMap takes it; says what was written. Returns the exit
/// status: 0, 2 where the input is wrong, else 1.
int exportSurfaces(const std::string& source, const std::string& case_id, const std::string& path);

}  // namespace rind::workbench
