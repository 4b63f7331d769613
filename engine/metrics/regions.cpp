#include "rind/metrics/regions.h"

#include <array>

namespace rind::metrics {
namespace {

core::LabelVolume maskOf(core::LabelView labels, const Region& region) {
  std::array<std::uint8_t, 256> inside = {};
  for (const int label : region.labels) inside.at(static_cast<std::size_t>(label)) = 1;
  core::LabelVolume mask(labels.size);
  for (std::size_t i = 0; i < mask.voxels.size(); ++i) mask.voxels[i] = inside[labels.data[i]];
  return mask;
}

}  // namespace

const std::vector<Region>& bratsRegions() {
  static const std::vector<Region> regions = {{"WT", {1, 2, 3, 4}}, {"TC", {1, 3, 4}}, {"ET", {3, 4}}};
  return regions;
}

std::vector<ClassScore> scoreRegions(core::LabelView reference, core::LabelView prediction,
                                     core::Spacing spacing, const std::vector<Region>& regions,
                                     const ScoreSettings& settings) {
  std::vector<ClassScore> scores;
  for (const Region& region : regions) {
    ScoreSettings own = settings;
    const std::size_t number = scores.size() + 1;
    if (!settings.tolerance_per_class.empty())
      own.tolerance_per_class = {0, settings.tolerance_per_class.at(number)};
    scores.push_back(score(maskOf(reference, region), maskOf(prediction, region), spacing, 2, own).front());
    scores.back().label = static_cast<int>(number);
  }
  return scores;
}

}  // namespace rind::metrics
