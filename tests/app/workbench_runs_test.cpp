// The list of runs, runs compared, and curves.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTableWidget>
#include <QToolButton>

#include "rind/core/atomic_file.h"
#include "rind/models/run_state.h"
#include "rind/workbench/chart_card.h"
#include "rind/workbench/compare_window.h"
#include "workbench_window.h"
#include "written_run.h"

namespace rind::workbench {
namespace {

TEST_F(Workbench, RunsAreListedDuplicatedAndDeletedOnlyAfterAsking) {
  qputenv("XDG_DATA_HOME", QByteArray::fromStdString(folder.path().string()));
  const auto run = folder / "old-run";
  std::filesystem::create_directories(run / "checkpoints");
  core::RunConfig config = session->settings().config();
  config.data = kPhantom;
  config.loss.lambda = 0.65;
  core::writeFileWhole(run / "run.json", nlohmann::json{{"config", config}}.dump());
  messages::Epoch epoch{{10, 1, 5}};
  epoch.mean_dsc = 0.5;
  core::writeFileWhole(run / "events.jsonl", messages::toJson(epoch).dump() + "\n");
  auto* tabs = window->findChild<QTabWidget*>("sideTabs");
  tabs->setCurrentIndex(tabs->count() - 1);
  auto* table = window->findChild<QTableWidget*>("runsTable");
  ASSERT_TRUE(waitFor([&] { return table->rowCount() == 1; }));
  EXPECT_EQ(table->item(0, panels::RunsPanel::kName)->text(), "old-run");
  EXPECT_EQ(table->item(0, panels::RunsPanel::kState)->text(), "broke off");
  EXPECT_EQ(table->item(0, panels::RunsPanel::kBest)->text(), "0.500");
  table->selectRow(0);
  EXPECT_FALSE(window->findChild<QPushButton*>("resumeRun")->isEnabled()) << "it has no checkpoint";

  window->findChild<QPushButton*>("duplicateRun")->click();
  ASSERT_TRUE(waitFor([&] { return action("start")->isEnabled(); }));
  EXPECT_DOUBLE_EQ(session->settings().config().loss.lambda, 0.65);
  EXPECT_TRUE(session->runFolder().empty()) << "a new run, not the old one";

  window->findChild<QPushButton*>("deleteRun")->click();
  EXPECT_TRUE(std::filesystem::exists(run)) << "it asks first";
  auto* button = window->findChild<QPushButton*>("noticeAction");
  ASSERT_EQ(button->text(), "Move to the trash");
  auto* bar = window->findChild<QFrame*>("notice");
  EXPECT_FALSE(bar->property("error").toBool()) << "a question is no error";
  EXPECT_EQ(bar->findChild<QToolButton*>()->shortcut(), QKeySequence(Qt::Key_Escape));
  button->click();
  EXPECT_FALSE(std::filesystem::exists(run));
  ASSERT_TRUE(waitFor([&] { return table->rowCount() == 0; }));
}

TEST_F(Workbench, APausedRunIsCalledPausedEverywhere) {
  ASSERT_TRUE(loadData());
  session->settings().set("epochs", 40);
  auto* tabs = window->findChild<QTabWidget*>("sideTabs");
  tabs->setCurrentIndex(tabs->count() - 1);
  auto* table = window->findChild<QTableWidget*>("runsTable");
  const auto listed = [&] {
    return table->rowCount() == 1 ? table->item(0, panels::RunsPanel::kState)->text() : QString();
  };
  action("start")->trigger();
  ASSERT_TRUE(waitForState("running"));
  ASSERT_TRUE(waitFor([&] { return listed() == models::stateWord("running"); })) << listed().toStdString();
  action("pause")->trigger();
  ASSERT_TRUE(waitForState("paused"));
  const QString paused = models::stateWord("paused");
  EXPECT_TRUE(paused.contains("paused"));
  ASSERT_TRUE(waitFor([&] { return listed() == paused; })) << listed().toStdString();
  EXPECT_TRUE(window->findChild<QLabel*>("status")->text().startsWith(paused));
  EXPECT_TRUE(window->findChild<QLabel*>("title")->text().endsWith(paused));
  EXPECT_TRUE(window->windowTitle().endsWith(paused));
  table->selectRow(0);
  EXPECT_FALSE(window->findChild<QPushButton*>("deleteRun")->isEnabled()) << "it is being trained";
  action("resume")->trigger();
  ASSERT_TRUE(waitFor([&] { return listed() == models::stateWord("running"); })) << listed().toStdString();
  action("stop")->trigger();
  ASSERT_TRUE(waitFor([&] { return listed() == models::stateWord("stopped"); })) << listed().toStdString();
}

TEST_F(Workbench, ARunThatAnotherProcessHasPausedIsListedAsPausedAndOnlyLookedAt) {
  Session other({RIND_ENGINE, "worker"});
  other.setRunsFolder(folder.path());
  other.settings().setConfig(session->settings().config());
  other.settings().set("epochs", 40);
  other.open(kPhantom);
  ASSERT_TRUE(waitFor([&] { return other.canStart(); }));
  other.start();
  ASSERT_TRUE(waitFor([&] { return other.run().hasCheckpoint() && !other.run().steps().empty(); }));
  other.pause();
  ASSERT_TRUE(waitFor([&] { return other.run().state() == "paused"; }));
  auto* tabs = window->findChild<QTabWidget*>("sideTabs");
  tabs->setCurrentIndex(tabs->count() - 1);
  auto* table = window->findChild<QTableWidget*>("runsTable");
  ASSERT_TRUE(waitFor([&] { return table->rowCount() == 1; }));
  EXPECT_EQ(table->item(0, panels::RunsPanel::kState)->text(), models::stateWord("paused"));
  EXPECT_TRUE(table->item(0, panels::RunsPanel::kState)->toolTip().contains("Process"));
  table->selectRow(0);
  EXPECT_FALSE(window->findChild<QPushButton*>("resumeRun")->isEnabled()) << "another process has it";
  EXPECT_FALSE(window->findChild<QPushButton*>("deleteRun")->isEnabled());
  window->findChild<QPushButton*>("openRun")->click();
  ASSERT_TRUE(waitForState("held"));
  EXPECT_FALSE(action("resume")->isEnabled());
  EXPECT_FALSE(action("pause")->isEnabled()) << "it is not this window's to pause";
  const QString trainer = QStringLiteral("paused in process %1").arg(other.engine().processId());
  EXPECT_TRUE(window->findChild<QLabel*>("title")->text().endsWith(trainer));
  other.stop();
  ASSERT_TRUE(waitForState("stopped")) << "it is followed";
  EXPECT_TRUE(action("resume")->isEnabled()) << "now it is free";
}

TEST_F(Workbench, SelectedRunsAreComparedInAWindowOfTheirOwn) {
  writeRun(folder / "a-01", 0.5, 0);
  writeRun(folder / "b-02", 0.8, 0.02);
  auto* tabs = window->findChild<QTabWidget*>("sideTabs");
  tabs->setCurrentIndex(tabs->count() - 1);
  auto* table = window->findChild<QTableWidget*>("runsTable");
  ASSERT_TRUE(waitFor([&] { return table->rowCount() == 2; }));
  auto* button = window->findChild<QPushButton*>("compareRuns");
  table->selectRow(0);
  EXPECT_FALSE(button->isEnabled()) << "one run is nothing to compare";
  table->selectAll();
  EXPECT_FALSE(window->findChild<QPushButton*>("openRun")->isEnabled()) << "only one can be opened";
  ASSERT_TRUE(button->isEnabled());
  button->click();
  auto* compare = window->findChild<CompareWindow*>("compareWindow");
  ASSERT_NE(compare, nullptr);
  auto* scores = compare->findChild<QTableWidget*>("compareScores");
  ASSERT_TRUE(waitFor([&] { return scores->rowCount() == 2; }));
  EXPECT_FALSE(compare->isModal());
  const auto textOf = [](QTableWidget* of, int row, int column) { return of->item(row, column)->text(); };
  EXPECT_EQ(scores->horizontalHeaderItem(1)->text(), "a-01") << "the older one is what is compared with";
  EXPECT_EQ(textOf(scores, 1, 0), "liver");
  EXPECT_EQ(textOf(scores, 1, 1), "0.530");
  EXPECT_EQ(textOf(scores, 1, 3), "+0.060") << "0.02 times the mean of 1 to 5";
  EXPECT_EQ(textOf(scores, 1, 4), "+0.060");
  EXPECT_EQ(textOf(scores, 1, 5), "5");
  EXPECT_EQ(textOf(scores, 1, 6), "0.0625") << "2 of 32 assignments of signs";
  auto* settings = compare->findChild<QTableWidget*>("compareSettings");
  ASSERT_EQ(settings->rowCount(), 1);
  EXPECT_EQ(textOf(settings, 0, 0), "lambda");
  EXPECT_EQ(compare->findChild<charts::CurveChart*>("compareDsc")->pointCount(), 4)
      << "an epoch that was trained again counts once";
  const auto how = compare->findChild<QLabel*>("compareConventions")->text();
  EXPECT_TRUE(how.contains("b-02: epoch 2")) << how.toStdString();
  EXPECT_EQ(textOf(scores, 1, 7), "0") << "nothing is left out of the DSC";
  compare->findChild<QComboBox*>("compareKind")->setCurrentIndex(2);
  EXPECT_EQ(textOf(scores, 1, 1), "2.00");

  compare->exportTo("/no/such/folder/x.csv");
  EXPECT_TRUE(compare->findChild<QLabel*>("compareSaid")->text().contains("/no/such/folder"));
  const auto file = folder / "compared.csv";
  compare->exportTo(QString::fromStdString(file.string()));
  const std::string csv = core::readFile(file);
  EXPECT_NE(csv.find("setting,,,lambda,,b-02,0.8\n"), std::string::npos) << csv;
  EXPECT_NE(csv.find("difference_median,dsc,1,liver,,b-02,0.06\n"), std::string::npos) << csv;
}

TEST_F(Workbench, InfiniteDistancesThatAreLeftOutAreCounted) {
  writeRun(folder / "a-01", 0.5, 0);
  writeRun(folder / "b-02", 0.5, 0);
  const std::string head = "case,class,name,dsc,nsd_1mm,hd95_mm,assd_mm\n";
  core::writeFileWhole(folder / "a-01" / "scores.csv",
                       head +
                           "1,1,liver,0.9,0.9,2,1\n2,1,liver,0,0,inf,inf\n3,1,liver,0.8,0.9,4,1\n"
                           "4,1,liver,0.8,0.9,4,1\n");
  core::writeFileWhole(folder / "b-02" / "scores.csv",
                       head + "1,1,liver,0,0,inf,inf\n2,1,liver,0,0,inf,inf\n3,1,liver,0.8,0.9,5,1\n");
  const auto pathOf = [&](const char* name) { return QString::fromStdString((folder / name).string()); };
  CompareWindow compare({pathOf("a-01"), pathOf("b-02")});
  compare.show();
  auto* scores = compare.findChild<QTableWidget*>("compareScores");
  ASSERT_TRUE(waitFor([&] { return scores->rowCount() == 2; }));
  auto* how = compare.findChild<QLabel*>("compareConventions");
  EXPECT_EQ(scores->horizontalHeaderItem(7)->text(), "left out");
  EXPECT_EQ(scores->item(1, 7)->text(), "1 no score") << "DSC: case 4 is in one run only";
  EXPECT_FALSE(how->text().contains("infinite"));
  compare.findChild<QComboBox*>("compareKind")->setCurrentIndex(2);
  EXPECT_EQ(scores->item(1, 5)->text(), "1") << "case 3 alone pairs";
  for (const int row : {0, 1}) EXPECT_EQ(scores->item(row, 7)->text(), "2 infinite, 1 no score") << row;
  EXPECT_TRUE(scores->item(1, 7)->toolTip().contains("a-01: 1, b-02: 2"))
      << scores->item(1, 7)->toolTip().toStdString();
  EXPECT_TRUE(how->text().contains("2 pairs of a case and a class")) << how->text().toStdString();
  const auto file = folder / "compared.csv";
  compare.exportTo(QString::fromStdString(file.string()));
  const std::string csv = core::readFile(file);
  for (const char* line :
       {"left_out,hd95_mm,1,liver,,a-01,3\n", "left_out_infinite,hd95_mm,1,liver,,a-01,2\n",
        "left_out_no_score,hd95_mm,1,liver,,a-01,1\n", "infinite,hd95_mm,1,liver,,b-02,2\n",
        "left_out_infinite,dsc,1,liver,,a-01,0\n"})
    EXPECT_NE(csv.find(line), std::string::npos) << line << csv;
}

TEST_F(Workbench, CurvesTakeALogarithmicAxisSmoothingAndAreSaved) {
  auto& run = session->run();
  for (int step = 1; step <= 50; ++step) {
    messages::Step event{{step, 1, 1.0 * step}};
    event.loss = step == 10 ? 0 : 1.0 / step;
    run.apply(event);
  }
  auto* chart = window->findChild<charts::CurveChart*>("lossChart");
  ASSERT_TRUE(waitFor([&] { return chart->curveCount() == 2; }));
  EXPECT_EQ(chart->viewportUpdateMode(), QGraphicsView::FullViewportUpdate)
      << "else a marker's line is left where it stood before the axes came";
  const auto linear = chart->grab().toImage();
  window->findChild<QToolButton*>("lossChart.log")->click();
  EXPECT_TRUE(chart->isLogarithmic());
  EXPECT_NE(chart->grab().toImage(), linear);
  const auto total = chart->curves()[1].points;
  window->findChild<QSpinBox*>("lossChart.smoothing")->setValue(20);
  EXPECT_GT(chart->curves()[1].points.back().y(), total.back().y()) << "a longer average lags behind";
  EXPECT_DOUBLE_EQ(chart->curves()[0].points.back().y(), 0.02) << "each step as it was";
  const auto both = chart->grab().toImage();
  chart->setCurveVisible("each step", false);
  EXPECT_NE(chart->grab().toImage(), both);
  window->findChild<QToolButton*>("lossChart.log")->click();
  chart->setCurveVisible("each step", true);

  auto* notice = window->findChild<NoticeBar*>("notice");
  for (const char* name : {"loss.png", "loss.svg", "loss.csv"}) {
    saveChart(*chart, QString::fromStdString((folder / name).string()), *notice);
    EXPECT_GT(std::filesystem::file_size(folder / name), 500u) << name;
  }
  EXPECT_TRUE(core::readFile(folder / "loss.csv").starts_with("curve,step,value\n\"each step\",1,1\n"));
  EXPECT_NE(core::readFile(folder / "loss.svg").find("<svg"), std::string::npos);
  saveChart(*chart, "/no/such/folder/loss.png", *notice);
  EXPECT_TRUE(window->findChild<QLabel*>("noticeText")->text().contains("/no/such/folder"));
}

TEST_F(Workbench, OneEpochIsADotAndThePressOnTheScrubberGoesThere) {
  auto& run = session->run();
  messages::Epoch epoch{{10, 1, 5}};
  epoch.mean_dsc = 0.5;
  run.apply(epoch);
  auto* chart = window->findChild<charts::CurveChart*>("scoreChart");
  ASSERT_NE(chart, nullptr);
  ASSERT_TRUE(waitFor([&] { return chart->pointCount() == 1; }));
  QApplication::processEvents();
  const QColor colour = chart->curves().back().colour;
  const QImage picture = chart->grab().toImage();
  int dot = 0;
  for (int y = 10; y < picture.height() - 30; ++y)  // the axis has its labels below
    for (int x = 36; x < picture.width(); ++x) dot += picture.pixelColor(x, y) == colour ? 1 : 0;
  EXPECT_GT(dot, 8);

  for (int number = 2; number <= 41; ++number) {
    epoch.at.epoch = number;
    run.apply(epoch);
  }
  auto* scrubber = window->findChild<QSlider*>("epochScrubber");
  ASSERT_EQ(scrubber->value(), 41);
  QTest::mouseClick(scrubber, Qt::LeftButton, {}, QPoint(scrubber->width() / 2, scrubber->height() / 2));
  EXPECT_NEAR(scrubber->value(), 21, 1);
}

TEST_F(Workbench, RunsThatCannotBePairedSaySo) {
  writeRun(folder / "a-01", 0.5, 0);
  writeRun(folder / "b-02", 0.5, 0);
  core::writeFileWhole(folder / "b-02" / "scores.csv", "case,class,name,dsc\n7,1,spleen,0.5\n");
  const auto pathOf = [&](const char* name) { return QString::fromStdString((folder / name).string()); };
  CompareWindow compare({pathOf("a-01"), pathOf("b-02")});
  compare.show();
  auto* notes = compare.findChild<QLabel*>("compareNotes");
  ASSERT_TRUE(waitFor([&] { return notes->isVisible(); }));
  EXPECT_TRUE(notes->text().contains("nothing can be paired")) << notes->text().toStdString();
  EXPECT_TRUE(notes->text().contains("“liver”")) << notes->text().toStdString();
  EXPECT_TRUE(compare.findChild<QLabel*>("noDifferentSettings")->isVisible());
  CompareWindow missing({pathOf("a-01"), pathOf("none")});
  missing.show();
  auto* said = missing.findChild<QLabel*>("compareSaid");
  ASSERT_TRUE(waitFor([&] { return said->text().contains("none"); })) << said->text().toStdString();
  EXPECT_FALSE(missing.findChild<QPushButton*>("exportComparison")->isEnabled());
}

}  // namespace
}  // namespace rind::workbench
