#include "rind/charts/marker_labels.h"

#include <gtest/gtest.h>

namespace rind::charts {
namespace {

const QRectF kPlot(40, 10, 300, 120);
constexpr double kHeight = 14;

void expectApart(const std::vector<QRectF>& boxes, const QRectF& taken) {
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    EXPECT_FALSE(boxes[i].intersects(taken)) << i;
    EXPECT_TRUE(boxes[i].isEmpty() || kPlot.contains(boxes[i])) << i;
    for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(boxes[i].intersects(boxes[j])) << i << " covers " << j;
  }
}

TEST(MarkerLabels, NeighboursStandOnDifferentHeights) {
  const auto boxes = placeLabels(kPlot, kHeight, {{100, 40}, {110, 40}, {112, 40}, {250, 40}}, {});
  expectApart(boxes, {});
  EXPECT_EQ(boxes[3].top(), boxes[2].top()) << "far apart: both at the top";
  EXPECT_NE(boxes[0].topLeft(), boxes[1].topLeft());
  for (const auto& box : boxes) EXPECT_FALSE(box.isEmpty());
}

TEST(MarkerLabels, LeaveTheStateInTheCornerFree) {
  const QRectF paused(kPlot.right() - 60, kPlot.top() + 2, 60, kHeight);
  const auto boxes = placeLabels(kPlot, kHeight, {{300, 40}, {338, 40}}, paused);
  expectApart(boxes, paused);
  EXPECT_GT(boxes[1].top(), paused.top());
  EXPECT_LT(boxes[1].right(), 338) << "at the left of its line, or it would leave the plot";
}

TEST(MarkerLabels, WhereThereIsNoRoomTheLastOnesAreSaid) {
  std::vector<LabelWish> wishes;
  for (int i = 0; i < 40; ++i) wishes.push_back({150.0 + i, 60});
  wishes.push_back({20, 40});  // out of sight
  const auto boxes = placeLabels(kPlot, kHeight, wishes, {});
  expectApart(boxes, {});
  EXPECT_TRUE(boxes[0].isEmpty());
  EXPECT_FALSE(boxes[39].isEmpty());
  EXPECT_TRUE(boxes[40].isEmpty());
}

}  // namespace
}  // namespace rind::charts
