#include "rind/datasets/protocol.h"

namespace rind::datasets {

core::Preprocessing preprocessingFor(const DataSet& data, const core::RunConfig& config) {
  core::Preprocessing preprocessing = data.preprocessing;
  if (config.protocol == "amos") {
    preprocessing.spacing = core::Spacing{1, 1, 1};
    preprocessing.crop = {false, {0, 256, 256}};
  }
  if (config.protocol == "brats") {
    preprocessing.spacing = core::Spacing{1, 1, 1};
    preprocessing.normalisation = core::Normalisation::zscore_nonzero;
    preprocessing.crop = {true, {128, 160, 160}};
  }
  if (config.spacing) preprocessing.spacing = config.spacing;
  if (!config.interpolation.empty())
    preprocessing.interpolation = core::parseInterpolation(config.interpolation);
  if (!config.crop.empty()) preprocessing.crop = core::parseCrop(config.crop);
  return preprocessing;
}

std::optional<core::Extent3> protocolPatch(const core::RunConfig& config) {
  if (config.protocol == "amos") return core::Extent3{64, 256, 256};
  if (config.protocol == "brats") return core::Extent3{128, 160, 160};
  return {};
}

}  // namespace rind::datasets
