// What is wrong with a data set's cases, seen before anybody trains on them.
#include <gtest/gtest.h>

#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

#include "rind/panels/case_line.h"
#include "workbench_window.h"
#include "written_data.h"

namespace rind::workbench {
namespace {

using datasets::testing::plainGrid;
using datasets::testing::writeDecathlon;

class Checks : public Workbench {
 protected:
  void writeData(int cases = 14) { writeDecathlon(place.path(), cases); }

  void open() {
    session->open(QString::fromStdString(place.path().string()));
    ASSERT_TRUE(waitFor([&] { return list()->count() > 0; }));
  }

  panels::CaseList* list() { return window->findChild<panels::CaseList*>(); }
  QPushButton* button() { return window->findChild<QPushButton*>("check"); }
  QString state() { return window->findChild<QLabel*>("checkState")->text(); }
  bool isDone() {
    return waitFor([&] { return !session->checks().isRunning() && state().contains("checked"); });
  }
  QString problemOf(int row) { return list()->item(row)->data(panels::kProblemRole).toString(); }
  bool isTicked(int row) { return list()->item(row)->data(panels::kCheckedRole).toBool(); }

  test_support::TemporaryFolder place;
};

TEST_F(Checks, ASmallDataSetIsCheckedAsSoonAsItIsOpen) {
  writeData();
  open();
  ASSERT_TRUE(isDone());
  EXPECT_TRUE(state().startsWith("✓ all 14 checked")) << state().toStdString();
  for (int row = 0; row < list()->count(); ++row) EXPECT_TRUE(isTicked(row)) << row;
}

TEST_F(Checks, WhatIsWrongStandsAtItsCaseInWords) {
  writeData();
  datasets::testing::writeLabelsOf(place / "labelsTr" / "case_12.nii.gz", plainGrid({4, 4, 4}), {0, 1});
  open();
  ASSERT_TRUE(isDone());
  for (int row = 0; row < list()->count(); ++row) {
    auto* line = list()->item(row);
    const bool wrong = line->text().endsWith("case_12");
    EXPECT_NE(isTicked(row), wrong) << line->text().toStdString();
    if (!wrong) continue;
    EXPECT_TRUE(line->text().startsWith("⚠"));
    EXPECT_TRUE(problemOf(row).startsWith("has 4x4x4 voxels")) << problemOf(row).toStdString();
    EXPECT_TRUE(line->toolTip().startsWith("case_12.nii.gz has 4x4x4 voxels"));
    EXPECT_TRUE(line->toolTip().contains("give a label drawn on this image"));
  }
  EXPECT_TRUE(state().contains("1 with problems")) << state().toStdString();
  Q_EMIT window->findChild<QLabel*>("checkState")->linkActivated("problems");
  int seen = 0;
  for (int row = 0; row < list()->count(); ++row) seen += list()->item(row)->isHidden() ? 0 : 1;
  EXPECT_EQ(seen, 1) << "only the case with the problem";
}

TEST_F(Checks, WhatIsMendedIsFineTheNextTime) {
  writeData();
  const auto labels = place / "labelsTr" / "case_3.nii.gz";
  const auto kept = place / "kept.nii.gz";
  std::filesystem::rename(labels, kept);
  datasets::testing::writeText(labels, "no volume");
  open();
  ASSERT_TRUE(isDone());
  ASSERT_TRUE(state().contains("with problems"));
  std::filesystem::rename(kept, labels);
  button()->click();
  ASSERT_TRUE(session->checks().isRunning());
  ASSERT_TRUE(isDone());
  EXPECT_TRUE(state().startsWith("✓ all 14 checked")) << state().toStdString();
}

TEST_F(Checks, RemarksOnTheWholeStandInTheLog) {
  writeData();
  session->settings().set("iterations", 9);
  open();
  ASSERT_TRUE(isDone());
  EXPECT_TRUE(state().contains("remarks in the log")) << state().toStdString();
  EXPECT_TRUE(window->findChild<QPlainTextEdit*>("log")->toPlainText().contains(
      "all band and no interior at thickness 9"));
}

TEST_F(Checks, OfALargeOneAreAskedForAndCanBeCancelled) {
  session->open("phantom:amos,cases=200,size=96x96x96");
  ASSERT_TRUE(waitFor([&] { return list()->count() == 200; }));
  EXPECT_FALSE(session->checks().isRunning());
  EXPECT_EQ(state(), "Cases not checked yet");
  button()->click();
  ASSERT_TRUE(waitFor([&] { return state().startsWith("checked ") && !state().startsWith("checked 0"); }));
  EXPECT_EQ(button()->text(), "Cancel");
  button()->click();
  EXPECT_FALSE(session->checks().isRunning());
  EXPECT_EQ(state(), "Cases not checked yet");
}

TEST_F(Checks, OfASourceThatIsLeftEnd) {
  session->open("phantom:amos,cases=200,size=96x96x96");
  ASSERT_TRUE(waitFor([&] { return list()->count() == 200; }));
  button()->click();
  ASSERT_TRUE(session->checks().isRunning());
  writeData();
  open();
  ASSERT_TRUE(waitFor([&] { return list()->count() == 14; }));
  ASSERT_TRUE(isDone());
  EXPECT_TRUE(state().startsWith("✓ all 14 checked")) << state().toStdString();
}

}  // namespace
}  // namespace rind::workbench
