#include "rind/charts/marker_labels.h"

#include <algorithm>

namespace rind::charts {
namespace {

constexpr double kGap = 3;            // pixels, between a line and its label
constexpr double kShareOfRows = 0.6;  // of the plot's height: below lie the curves' ends

bool isFree(const QRectF& box, const QRectF& plot, const QRectF& taken, const std::vector<QRectF>& placed) {
  const auto covers = [&](const QRectF& other) { return other.intersects(box); };
  return box.left() >= plot.left() && box.right() <= plot.right() && !covers(taken) &&
         std::none_of(placed.begin(), placed.end(), covers);
}

QRectF place(const QRectF& plot, double height, const LabelWish& wish, const QRectF& taken,
             const std::vector<QRectF>& placed) {
  if (wish.x < plot.left() || wish.x > plot.right()) return {};
  const auto rows = std::max(1, static_cast<int>(plot.height() * kShareOfRows / (height + 1)));
  for (int row = 0; row < rows; ++row)
    for (const double left : {wish.x + kGap, wish.x - kGap - wish.width}) {
      const QRectF box(left, plot.top() + 2 + row * (height + 1), wish.width, height);
      if (isFree(box, plot, taken, placed)) return box;
    }
  return {};
}

}  // namespace

std::vector<QRectF> placeLabels(const QRectF& plot, double height, const std::vector<LabelWish>& wishes,
                                const QRectF& taken) {
  std::vector<QRectF> boxes(wishes.size());
  for (std::size_t i = wishes.size(); i-- > 0;) boxes[i] = place(plot, height, wishes[i], taken, boxes);
  return boxes;
}

}  // namespace rind::charts
