#pragma once

#include <QRectF>
#include <vector>

namespace rind::charts {

/// A label beside the vertical line at `x`; pixels.
struct LabelWish {
  double x = 0;
  double width = 0;
};

/// Where labels of `height` pixels stand in `plot` so that none covers another or `taken`: at the right of
/// their line, or at its left where that is too near to the edge, as high as there is room. The last ones are
/// placed first; one without room has an empty box.
std::vector<QRectF> placeLabels(const QRectF& plot, double height, const std::vector<LabelWish>& wishes,
                                const QRectF& taken);

}  // namespace rind::charts
