// The table of organs, the bar of layers and what is read out of a slice.
#include <gtest/gtest.h>

#include <QApplication>
#include <QMouseEvent>
#include <QPainter>
#include <QSlider>
#include <QStyleOptionViewItem>
#include <QTableWidget>
#include <algorithm>

#include "rind/contour/depth_map.h"
#include "rind/panels/organ_table.h"
#include "rind/panels/slice_furniture.h"
#include "workbench_window.h"

namespace rind::workbench {
namespace {

using panels::OrganTable;

QPoint tickOf(const QTableWidget& organs, int row) {
  QStyleOptionViewItem option;
  option.initFrom(&organs);
  option.rect = organs.visualItemRect(organs.item(row, OrganTable::kName));
  option.features = QStyleOptionViewItem::HasCheckIndicator | QStyleOptionViewItem::HasDecoration |
                    QStyleOptionViewItem::HasDisplay;
  option.decorationSize = organs.iconSize();
  option.text = organs.item(row, OrganTable::kName)->text();
  return organs.style()->subElementRect(QStyle::SE_ItemViewItemCheckIndicator, &option, &organs).center();
}

/// The case with one class everywhere, up to all faces.
std::shared_ptr<const models::LoadedCase> filled(const models::LoadedCase& loaded, std::uint8_t label) {
  struct Memory {
    std::shared_ptr<const void> image;
    core::LabelVolume labels;
    core::DepthVolume depth;
  };
  auto memory = std::make_shared<Memory>();
  auto prepared = loaded.prepared;
  memory->image = prepared.memory;
  memory->labels = core::LabelVolume(prepared.size());
  std::fill(memory->labels.voxels.begin(), memory->labels.voxels.end(), label);
  memory->depth = contour::depthMap(memory->labels, contour::kLargestCap, core::Border::replicate);
  prepared.labels = memory->labels;
  prepared.depth = memory->depth;
  prepared.memory = memory;
  return std::make_shared<const models::LoadedCase>(models::analyse(prepared, loaded.labels));
}

TEST_F(Workbench, ATickHidesAnOrganAndSelectsNone) {
  ASSERT_TRUE(loadData());
  auto& shown = session->shownCase();
  auto* organs = window->findChild<QTableWidget*>("organTable");
  const int row = 5;  // liver, class 6
  organs->scrollToItem(organs->item(row, OrganTable::kName));
  const auto click = [&](const QPoint& at) { QTest::mouseClick(organs->viewport(), Qt::LeftButton, {}, at); };
  for (const bool visible : {false, true}) {
    click(tickOf(*organs, row));
    EXPECT_EQ(shown.isVisible(6), visible);
    EXPECT_EQ(shown.selected(), 0) << "else all others would fade";
  }
  click(organs->visualItemRect(organs->item(row, OrganTable::kVolume)).center());
  EXPECT_EQ(shown.selected(), 6);
}

TEST_F(Workbench, TheReadOutCallsBandWhatIsDrawnAsBandAtAFaceOfTheVolume) {
  ASSERT_TRUE(loadData());
  auto& shown = session->shownCase();
  shown.setCase(filled(shown.loaded(), 6));
  shown.setCursor({0, 16, 16});
  auto* slice = window->views().slice(ViewGrid::kAxial);
  const auto readOut = [&] {
    const QPoint middle = slice->rect().center();
    QMouseEvent move(QEvent::MouseMove, middle, slice->mapToGlobal(middle), Qt::NoButton, Qt::NoButton, {});
    QApplication::sendEvent(slice, &move);
    return slice->readOut().replace(QChar::Nbsp, QLatin1Char(' '));
  };
  auto contour = shown.contour();
  contour.border = core::Border::zero;
  shown.setContour(contour);
  EXPECT_TRUE(readOut().contains("band (depth 1)")) << readOut().toStdString();
  contour.border = core::Border::replicate;
  shown.setContour(contour);
  EXPECT_TRUE(readOut().contains("inside (depth 255)")) << readOut().toStdString();
}

TEST_F(Workbench, TheOpacityStaysWhereItsSliderIsPut) {
  ASSERT_TRUE(loadData());
  auto* opacity = window->findChild<QSlider*>("layerOpacity");
  for (int share = 0; share <= 100; ++share) {
    opacity->setValue(share);
    EXPECT_EQ(opacity->value(), share);
  }
}

TEST_F(Workbench, TheScaleBarFitsHoweverNearTheSliceIs) {
  ASSERT_TRUE(loadData());
  const auto& geometry = session->shownCase().loaded().prepared.geometry;
  QImage canvas(400, 300, QImage::Format_RGB32);
  QPainter painter(&canvas);
  const auto axes = models::planeAxes(geometry, models::Plane::axial);
  for (const double pixels_per_mm : {0.5, 5.0, 300.0, 5000.0}) {
    auto frame = models::wholeSlice(geometry, axes, 400, 300);
    frame.pixels_per_mm = pixels_per_mm;
    for (const auto& text : panels::sliceTexts(
             painter,
             {session->shownCase(), models::Plane::axial, axes, frame, QSizeF(400, 300), 1, false, {}}))
      EXPECT_TRUE(QRectF(0, 0, 400, 300).contains(text.covered)) << pixels_per_mm << text.text.toStdString();
  }
}

}  // namespace
}  // namespace rind::workbench
