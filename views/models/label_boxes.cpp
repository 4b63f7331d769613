#include "rind/models/label_boxes.h"

#include <algorithm>

namespace rind::models {
namespace {

void add(Box& box, const core::Index3& at) {
  if (box.empty()) {
    box = {at, at};
    return;
  }
  box.low = {std::min(box.low.z, at.z), std::min(box.low.y, at.y), std::min(box.low.x, at.x)};
  box.high = {std::max(box.high.z, at.z), std::max(box.high.y, at.y), std::max(box.high.x, at.x)};
}

}  // namespace

std::vector<Box> boxesOf(core::LabelView labels, std::size_t classes) {
  std::vector<Box> boxes(classes);
  const auto* row = labels.data;
  for (std::int64_t z = 0; z < labels.size.z; ++z)
    for (std::int64_t y = 0; y < labels.size.y; ++y, row += labels.size.x)
      // Runs of one label are added by their ends.
      for (std::int64_t x = 0; x < labels.size.x;) {
        const std::uint8_t label = row[x];
        std::int64_t end = x + 1;
        while (end < labels.size.x && row[end] == label) ++end;
        if (label != 0 && label < classes) {
          add(boxes[label], {z, y, x});
          add(boxes[label], {z, y, end - 1});
        }
        x = end;
      }
  return boxes;
}

}  // namespace rind::models
