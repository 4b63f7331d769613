#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "rind/core/volume.h"

namespace rind::datasets::testing {

/// A tilted, flipped, anisotropic grid of 5x6x7 voxels.
core::Geometry obliqueGrid();

/// Plain axes, 1 mm.
core::Geometry plainGrid(const core::Extent3& size);

/// Writes a label map of `values`, cycling through them.
void writeLabelsOf(const std::filesystem::path& file, const core::Geometry& grid,
                   const std::vector<std::uint8_t>& values);

/// Writes a float image whose voxel i is `first + i`.
void writeRamp(const std::filesystem::path& file, const core::Geometry& grid, float first = 0);

void writeText(const std::filesystem::path& file, const std::string& text);

/// A Decathlon data set of `cases` cases named case_0, case_1, … with structures 1 and 2.
void writeDecathlon(const std::filesystem::path& folder, int cases);

}  // namespace rind::datasets::testing
