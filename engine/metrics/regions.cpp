#include "rind/metrics/regions.h"

#include <algorithm>
#include <array>

#include "rind/core/error.h"
#include "rind/core/text.h"

namespace rind::metrics {
namespace {

core::LabelVolume maskOf(core::LabelView labels, const Region& region) {
  std::array<std::uint8_t, 256> inside = {};
  for (const int label : region.labels) inside.at(static_cast<std::size_t>(label)) = 1;
  core::LabelVolume mask(labels.size);
  for (std::size_t i = 0; i < mask.voxels.size(); ++i) mask.voxels[i] = inside[labels.data[i]];
  return mask;
}

/// A tissue by its abbreviation or a part of its name, and the numbers that BraTS has for it.
struct Tissue {
  std::vector<std::string> abbreviations;
  std::vector<std::string> parts;
  std::vector<int> numbers;
};

/// The first that fits: "non-enhancing" has "enhancing" in it. nnU-Net names a value after its smallest
/// region, so the core beside an enhancing tumour is the necrosis, and the whole beside the core the edema.
const std::vector<Tissue>& tissues() {
  static const std::vector<Tissue> all = {{{"rc"}, {"cavity"}, {}},
                                          {{"ncr", "net", "netc", "ncr/net"},
                                           {"necro", "non-enhanc", "nonenhanc", "non enhanc", "non_enhanc"},
                                           {1}},
                                          {{"ed", "snfh"}, {"edema", "whole"}, {2}},
                                          {{"et", "at"}, {"enhanc"}, {3, 4}},
                                          {{"tc"}, {"core"}, {1}}};
  return all;
}

const Tissue* tissueOf(const std::string& name) {
  const auto fits = [&](const Tissue& tissue) {
    return std::find(tissue.abbreviations.begin(), tissue.abbreviations.end(), name) !=
               tissue.abbreviations.end() ||
           std::any_of(tissue.parts.begin(), tissue.parts.end(),
                       [&](const std::string& part) { return name.find(part) != std::string::npos; });
  };
  const auto found = std::find_if(tissues().begin(), tissues().end(), fits);
  return found == tissues().end() ? nullptr : &*found;
}

}  // namespace

void requireBratsNumbers(const std::map<int, std::string>& names) {
  for (const auto& [number, name] : names) {
    const Tissue* const tissue = number == 0 ? nullptr : tissueOf(core::lowered(name));
    if (tissue == nullptr) continue;
    if (std::find(tissue->numbers.begin(), tissue->numbers.end(), number) != tissue->numbers.end()) continue;
    throw core::InputError("--regions",
                           "the data set's label " + std::to_string(number) + " is \"" + name +
                               "\", where BraTS has 1 for necrotic core, 2 for edema and 4 (or 3) for "
                               "enhancing tumour",
                           "number the labels so, or leave out --regions");
  }
}

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
