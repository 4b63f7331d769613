// How runs stand beside each other on a small screen.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QHeaderView>
#include <QPointer>
#include <QScrollBar>
#include <QTableWidget>

#include "rind/workbench/compare_window.h"
#include "workbench_window.h"
#include "written_run.h"

namespace rind::workbench {
namespace {

TEST_F(Workbench, ComparedRunsAllFitASmallScreenAndClassNamesStandInFull) {
  writeRun(folder / "a-01", 0.5, 0);
  writeRun(folder / "b-02", 0.8, 0.02);
  core::RunConfig config;
  config.data = "/data/a/long/way/to/the/folder/of/another/hospital/Task04_Hippocampus";
  core::writeFileWhole(folder / "b-02" / "run.json", nlohmann::json{{"config", config}}.dump());
  std::string scores = "case,class,name,dsc,nsd_1mm,hd95_mm,assd_mm\n";
  for (int i = 1; i <= 5; ++i)
    scores += std::to_string(i) + ",1,right adrenal gland,0.5,0.9,inf,1\n" + std::to_string(i) +
              ",2,gall bladder,0.5,0.9,2,1\n";
  for (const char* run : {"a-01", "b-02"}) core::writeFileWhole(folder / run / "scores.csv", scores);
  const auto pathOf = [&](const char* name) { return QString::fromStdString((folder / name).string()); };
  CompareWindow compare({pathOf("a-01"), pathOf("b-02")});
  compare.resize(1024, 740);
  compare.show();
  auto* kind = compare.findChild<QComboBox*>("compareKind");
  ASSERT_TRUE(waitFor([&] { return kind->isEnabled(); }));
  EXPECT_LE(compare.width(), 1024);
  auto* settings = compare.findChild<QTableWidget*>("compareSettings");
  auto* table = compare.findChild<QTableWidget*>("compareScores");
  ASSERT_EQ(settings->item(0, 0)->text(), "data");
  QApplication::processEvents();
  for (int score = 0; score < kind->count(); ++score) {
    kind->setCurrentIndex(score);
    QApplication::processEvents();
    for (const auto* one : {settings, table}) {
      EXPECT_EQ(one->horizontalScrollBar()->maximum(), 0) << one->objectName().toStdString();
      const int last = one->columnCount() - 1;
      EXPECT_LE(one->columnViewportPosition(last) + one->columnWidth(last), one->viewport()->width());
      for (int row = 0; row < one->rowCount(); ++row)
        EXPECT_GE(one->columnWidth(0), one->fontMetrics().horizontalAdvance(one->item(row, 0)->text()) + 6)
            << one->item(row, 0)->text().toStdString();
    }
  }
  EXPECT_GT(settings->columnWidth(2), 80) << "both runs' values are seen";
}

TEST_F(Workbench, AComparisonThatIsClosedWhileItReadsKeepsNobodyWaiting) {
  writeRun(folder / "a-01", 0.5, 0);
  writeRun(folder / "b-02", 0.8, 0.02);
  const auto pathOf = [&](const char* name) { return QString::fromStdString((folder / name).string()); };
  const QPointer<CompareWindow> compare(new CompareWindow({pathOf("a-01"), pathOf("b-02")}));
  compare->setAttribute(Qt::WA_DeleteOnClose);
  compare->show();
  compare->close();
  EXPECT_FALSE(compare->isVisible());
  QCoreApplication::sendPostedEvents(compare, QEvent::DeferredDelete);
  ASSERT_FALSE(compare.isNull()) << "its end would wait for the reading";
  EXPECT_TRUE(waitFor([&] { return compare.isNull(); }));
}

TEST_F(Workbench, ScoresThatAreDamagedAreCounted) {
  writeRun(folder / "a-01", 0.5, 0);
  writeRun(folder / "b-02", 0.5, 0);
  const auto scores = folder / "b-02" / "scores.csv";
  core::writeFileWhole(scores, core::readFile(scores) + "6,1,liver,half,0.9,2,1\n");
  const auto pathOf = [&](const char* name) { return QString::fromStdString((folder / name).string()); };
  CompareWindow compare({pathOf("a-01"), pathOf("b-02")});
  compare.show();
  auto* notes = compare.findChild<QLabel*>("compareNotes");
  ASSERT_TRUE(waitFor([&] { return notes->isVisible(); }));
  EXPECT_TRUE(notes->text().contains("b-02: lines of its scores.csv that are damaged and left out: 1"))
      << notes->text().toStdString();
}

}  // namespace
}  // namespace rind::workbench
