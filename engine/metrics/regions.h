#pragma once

#include <map>
#include <string>
#include <vector>

#include "rind/metrics/class_score.h"

namespace rind::metrics {

/// Classes that are scored as one, as the field does for brain tumours. Regions may overlap.
struct Region {
  std::string name;
  std::vector<int> labels;
};

/// Whole tumour, tumour core and enhancing tumour of BraTS: NCR 1, ED 2, ET 4 (in some releases 3).
const std::vector<Region>& bratsRegions();

/// Throws InputError where the classes' names say that they are numbered otherwise: MSD's Task01 has edema 1,
/// non-enhancing tumour 2 and enhancing tumour 3. Values without a name, and names that say nothing of these
/// tissues, are passed over.
void requireBratsNumbers(const std::map<int, std::string>& names);

/// One score a region; its `label` is the region's number from 1.
std::vector<ClassScore> scoreRegions(core::LabelView reference, core::LabelView prediction,
                                     core::Spacing spacing, const std::vector<Region>& regions,
                                     const ScoreSettings& settings);

}  // namespace rind::metrics
