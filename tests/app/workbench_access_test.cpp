// What a screen reader is told, and how small the window may be.
#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QLineEdit>
#include <QPainter>
#include <QProgressBar>
#include <QScrollBar>
#include <QSplitter>
#include <QTableWidget>
#include <QToolButton>
#include <algorithm>

#include "rind/panels/slice_furniture.h"
#include "rind/panels/what_if_panel.h"
#include "rind/workbench/compare_window.h"
#include "rind/workbench/keyboard_sheet.h"
#include "workbench_window.h"
#include "written_run.h"

namespace rind::workbench {
namespace {

bool isInsideScrollArea(const QWidget& widget) {
  const auto* parent = widget.parentWidget();
  const auto* area = qobject_cast<const QAbstractScrollArea*>(parent);
  return (area != nullptr && area->viewport() == &widget) ||
         (parent != nullptr && parent->objectName().startsWith("qt_scrollarea"));
}

// A spin box's line, a table's headers and scroll bars speak through the control they belong to.
bool isPart(const QWidget& widget) {
  const auto* parent = widget.parentWidget();
  return widget.objectName().startsWith("qt_") || qobject_cast<const QAbstractSpinBox*>(parent) != nullptr ||
         qobject_cast<const QComboBox*>(parent) != nullptr ||
         qobject_cast<const QLineEdit*>(parent) != nullptr ||
         qobject_cast<const QAbstractItemView*>(parent) != nullptr || isInsideScrollArea(widget);
}

bool isControl(const QWidget& widget) {
  return widget.focusPolicy() != Qt::NoFocus || qobject_cast<const QAbstractButton*>(&widget) != nullptr ||
         qobject_cast<const QAbstractSlider*>(&widget) != nullptr ||
         qobject_cast<const QProgressBar*>(&widget) != nullptr;
}

QString nameOf(QWidget& widget) {
  auto* spoken = QAccessible::queryAccessibleInterface(&widget);
  return spoken == nullptr ? QString() : spoken->text(QAccessible::Name);
}

// Every control that is visible has a name with a letter in it. Returns how many there are.
int expectNames(const QWidget& root, const char* where) {
  int controls = 0;
  for (auto* widget : root.findChildren<QWidget*>()) {
    if (!widget->isVisible() || !isControl(*widget) || isPart(*widget)) continue;
    ++controls;
    const QString name = nameOf(*widget);
    EXPECT_TRUE(std::any_of(name.begin(), name.end(), [](QChar letter) { return letter.isLetter(); }))
        << where << ": " << widget->metaObject()->className() << " \"" << widget->objectName().toStdString()
        << "\" in \"" << widget->parentWidget()->objectName().toStdString() << "\" is called \""
        << name.toStdString() << "\"";
  }
  return controls;
}

TEST_F(Workbench, EveryVisibleControlHasAName) {
  EXPECT_GT(expectNames(*window, "empty"), 40);
  ASSERT_TRUE(loadData());
  window->findChild<QToolButton*>("advancedFold")->click();
  window->findChild<QToolButton*>("cut")->click();
  window->findChild<NoticeBar*>("notice")->offer(
      "A question?", "Yes", [] {}, false);
  auto* tabs = window->findChild<QTabWidget*>("sideTabs");
  for (int tab = 0; tab < tabs->count(); ++tab) {
    tabs->setCurrentIndex(tab);
    EXPECT_GT(expectNames(*window, tabs->tabText(tab).toUtf8()), 60);
  }
  action("keyboard")->trigger();
  auto* sheet = window->findChild<KeyboardSheet*>();
  ASSERT_NE(sheet, nullptr);
  expectNames(*sheet, "keyboard");
  writeRun(folder / "a-01", 0.5, 0);
  writeRun(folder / "b-02", 0.8, 0.02);
  CompareWindow compare({QString::fromStdString((folder / "a-01").string()),
                         QString::fromStdString((folder / "b-02").string())});
  compare.show();
  auto* score = compare.findChild<QComboBox*>("compareKind");
  ASSERT_TRUE(waitFor([&] { return score->isEnabled(); }));
  EXPECT_GT(expectNames(compare, "compare"), 6);
}

bool showsEveryLoss(const QWidget& window) {
  auto* table = window.findChild<QTableWidget*>("whatIfTable");
  const QRect last = table->visualItemRect(table->item(table->rowCount() - 1, 0));
  return table->viewport()->rect().contains(last);
}

TEST_F(Workbench, OpensNoLargerThanItsScreenAndSaysOrgansNamesInFull) {
  EXPECT_EQ(firstSize({1024, 740}), QSize(1024, 740));
  EXPECT_EQ(firstSize({2560, 1400}), QSize(1440, 900));
  ASSERT_TRUE(loadData());
  window->resize(1440, 900);
  ASSERT_TRUE(waitFor([&] { return window->width() == 1440; }));
  auto* organs = window->findChild<QTableWidget*>("organTable");
  EXPECT_FALSE(organs->horizontalScrollBar()->isVisible());
  for (int row = 0; row < organs->rowCount(); ++row) {
    const auto* name = organs->item(row, panels::OrganTable::kName);
    EXPECT_GE(organs->columnWidth(panels::OrganTable::kName) - 48,  // the tick and the colour
              organs->fontMetrics().horizontalAdvance(name->text()))
        << name->text().toStdString();
  }
  EXPECT_TRUE(organs->isColumnHidden(panels::OrganTable::kContour));
  EXPECT_TRUE(showsEveryLoss(*window));
  const auto topOf = [&](const char* name) { return window->findChild<QWidget*>(name)->geometry().top(); };
  EXPECT_NEAR(topOf("layerReference"), topOf("windowPreset"), 6) << "the layers' strip is one row";
  window->findChild<QSplitter*>("upperSplitter")->setSizes({400, 900});
  EXPECT_FALSE(organs->isColumnHidden(panels::OrganTable::kContour)) << "there is room for it";
}

TEST_F(Workbench, FitsASmallScreen) {
  ASSERT_TRUE(loadData());
  const QSize least = window->minimumSizeHint().expandedTo(window->minimumSize());
  EXPECT_LE(least.width(), 1024);
  EXPECT_LE(least.height(), 740);
  window->resize(1024, 740);
  ASSERT_TRUE(waitFor([&] { return window->width() == 1024 && window->height() == 740; }))
      << window->width() << " x " << window->height();
  EXPECT_TRUE(window->findChild<QLabel*>("title")->isVisible()) << "no tool is pushed off the bar";
  EXPECT_TRUE(window->findChild<QTableWidget*>("whatIfTable")->isColumnHidden(panels::WhatIfPanel::kTerms));
  EXPECT_TRUE(showsEveryLoss(*window));
  auto* tabs = window->findChild<QTabWidget*>("sideTabs")->tabBar();
  EXPECT_LE(tabs->tabRect(tabs->count() - 1).right(), tabs->width()) << "every tab can be reached";
  for (const char* view :
       {"layerReference", "windowPreset", "sceneMode", "lossChart.save", "shareChart.save"}) {
    auto* control = window->findChild<QWidget*>(view);
    EXPECT_TRUE(control->isVisible()) << view;
    EXPECT_EQ(control->visibleRegion().boundingRect().size(), control->size()) << view << " is cut off";
  }
}

TEST_F(Workbench, NoTextOverASliceLiesOverAnother) {
  ASSERT_TRUE(loadData());
  auto& shown = session->shownCase();
  const auto& geometry = shown.loaded().prepared.geometry;
  QImage canvas(800, 600, QImage::Format_RGB32);
  QPainter painter(&canvas);
  painter.setFont(window->font());
  const QString read_out =
      "voxel 40, 36, 36 · 24.5, 13.5, -18.0 mm · 0.43\nleft adrenal gland, band (depth 1) · predicted "
      "pancreas";
  for (const auto plane : {models::Plane::axial, models::Plane::coronal, models::Plane::sagittal})
    for (const QSize size : {QSize(620, 560), QSize(300, 280), QSize(200, 210)}) {
      const auto axes = models::planeAxes(geometry, plane);
      const auto frame = models::wholeSlice(geometry, axes, size.width(), size.height());
      const auto texts = panels::sliceTexts(painter, {shown, plane, axes, frame, size, 1, false, read_out});
      EXPECT_EQ(texts.size(), 7U);
      for (std::size_t a = 0; a < texts.size(); ++a) {
        EXPECT_TRUE(QRectF({}, size).contains(texts[a].covered)) << texts[a].text.toStdString();
        for (std::size_t b = 0; b < a; ++b)
          EXPECT_FALSE(texts[a].covered.intersects(texts[b].covered))
              << size.width() << ": " << texts[a].text.toStdString() << " over "
              << texts[b].text.toStdString();
      }
    }
}

}  // namespace
}  // namespace rind::workbench
