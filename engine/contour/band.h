#pragma once

#include <cstdint>
#include <vector>

#include "rind/core/contour_settings.h"
#include "rind/core/volume.h"

namespace rind::contour {

/// Writes 1 where a voxel lies in the band of its own class (depth <= thickness[label]), else 0, to the
/// labels.count() bytes at `out`. `thickness` has one entry per class, a label beyond them has none; a
/// thickness of 0 is an empty band, so the band of one class alone is `thickness` with 0 for all others.
/// Class 0 counts only with `include_background`.
void bandMask(core::LabelView labels, core::DepthView depth, const std::vector<int>& thickness,
              bool include_background, std::uint8_t* out);

/// The same on a map without a cap.
void bandMask(core::LabelView labels, core::VolumeView<std::int16_t> depth, const std::vector<int>& thickness,
              bool include_background, std::uint8_t* out);

/// The band of all classes at one thickness, straight from the labels: faster than a map where no other
/// thickness will be asked for. Throws InputError as depthMap does.
void bandMask(core::LabelView labels, int thickness, core::Border border, bool include_background,
              std::uint8_t* out);

}  // namespace rind::contour
