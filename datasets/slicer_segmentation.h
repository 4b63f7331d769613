#pragma once

#include <filesystem>

#include "rind/core/label_set.h"
#include "rind/core/volume.h"

namespace rind::datasets {

/// Writes 3D Slicer's segmentation file: a NRRD label map whose header names each segment, with colour,
/// extent, value and terminology. Every class of `labels` but the background is a segment, present or not.
void writeSlicerSegmentation(const std::filesystem::path& path, const core::Geometry& geometry,
                             core::LabelView values, const core::LabelSet& labels);
void writeSlicerSegmentation(const std::filesystem::path& path, const core::Geometry& geometry,
                             core::VolumeView<std::uint16_t> values, const core::LabelSet& labels);

/// The segments that a NRRD file's header names, in its order: value, name, colour. Empty where it names
/// none, and for other formats.
core::LabelSet readSegments(const std::filesystem::path& path);

}  // namespace rind::datasets
