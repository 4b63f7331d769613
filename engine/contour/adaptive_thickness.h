#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "rind/core/contour_settings.h"
#include "rind/core/volume.h"

namespace rind::contour {

/// counts[class][depth]: voxels per class and depth. Depths are capped at 255; index 0 is unused. Once it is
/// there, any change of an adaptive rule is a look-up.
struct DepthHistogram {
  std::vector<std::array<std::uint64_t, 256>> counts;
};

/// `depth` is a map of the same volume; for the inradius rule its cap has to be 254. Labels >= `classes` are
/// left out.
DepthHistogram depthHistogram(core::LabelView labels, core::DepthView depth, int classes);

/// The same as if the map, made with the replicate border, had been made with the zero border.
DepthHistogram zeroBorderHistogram(core::LabelView labels, core::DepthView depth, int classes);

/// Thickness in voxels of each class's band, index = class. Without an adaptive rule: settings.thickness()
/// for all. With one (V_j voxels of class j, T = settings.thickness()):
///   share Q:     the largest t in 1..T with #{depth <= t} <= Q·V_j; if there is none, 1;
///   inradius F:  clamp(floor(F·maxdepth_j + 0.5), 1, T), and T for a class of infinite depth (here: >= 255);
/// 0 for a class that is absent. The background (class 0) always gets T, and a kernel of 1 gives 0
/// throughout. A byte map knows depths to 254, so T is taken as 254 where it is more; see the exact version
/// below.
std::vector<int> bandThickness(const DepthHistogram& histogram, const core::ContourSettings& settings);

/// The same from a map without a cap: T up to 32766, inradius of any size.
std::vector<int> bandThickness(core::LabelView labels, core::VolumeView<std::int16_t> depth, int classes,
                               const core::ContourSettings& settings);

}  // namespace rind::contour
