#include "compact_labels.h"

#include <algorithm>

#include "rind/core/error.h"

namespace rind::app {

std::vector<std::int32_t> foregroundValues(const core::Volume<std::int32_t>& labels,
                                           const std::string& file) {
  std::vector<std::int32_t> values;
  std::int32_t last = 0;
  for (const std::int32_t value : labels.voxels) {
    if (value == last) continue;  // labels come in long runs
    last = value;
    if (value < 0)
      throw core::InputError(file, "it holds the label " + std::to_string(value), "use labels from 0 up");
    const auto at = std::lower_bound(values.begin(), values.end(), value);
    if (value != 0 && (at == values.end() || *at != value)) values.insert(at, value);
    if (values.size() > 255)
      throw core::InputError(file, "it holds more than 255 labels", "give a label map, not an image");
  }
  return values;
}

core::LabelVolume classesOf(const core::Volume<std::int32_t>& labels,
                            const std::vector<std::int32_t>& values) {
  core::LabelVolume classes(labels.size);
  std::int32_t last = 0;
  std::uint8_t current = 0;
  for (std::size_t i = 0; i < labels.voxels.size(); ++i) {
    if (labels.voxels[i] != last) {
      last = labels.voxels[i];
      current =
          static_cast<std::uint8_t>(std::lower_bound(values.begin(), values.end(), last) - values.begin());
    }
    classes.voxels[i] = current;
  }
  return classes;
}

CompactLabels compactLabels(const core::Volume<std::int32_t>& labels, const std::string& file) {
  CompactLabels compact;
  compact.values = foregroundValues(labels, file);
  compact.values.insert(compact.values.begin(), 0);
  compact.volume = classesOf(labels, compact.values);
  return compact;
}

}  // namespace rind::app
