#include <gtest/gtest.h>
#include <signal.h>

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QSurfaceFormat>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>
#include <cmath>
#include <fstream>

#include "rind/core/atomic_file.h"
#include "rind/core/nrrd.h"
#include "rind/core/settings.h"
#include "rind/panels/what_if_panel.h"
#include "rind/test_support/temporary_folder.h"
#include "rind/workbench/chart_card.h"
#include "rind/workbench/compare_window.h"
#include "rind/workbench/keyboard_sheet.h"
#include "rind/workbench/main_window.h"
#include "rind/workbench/theme.h"

namespace rind::workbench {
namespace {

constexpr const char* kPhantom = "phantom:amos,cases=5,size=32x32x32";
constexpr int kPatience = 240000;  // ms; waited out only by a failure

/// The window on a session with the real engine, small enough to train in seconds.
class Workbench : public testing::Test {
 protected:
  Workbench() { open(); }

  void open() {
    session = std::make_unique<Session>(QStringList{RIND_ENGINE, "worker"});
    session->setRunsFolder(folder.path());
    for (const auto& [key, value] : {std::pair<const char*, nlohmann::json>("epochs", 2),
                                     {"base-channels", 4},
                                     {"iterations", 1},
                                     {"batch", 1},
                                     {"patch", "32x32x32"}})
      ASSERT_TRUE(session->settings().set(key, value)) << key;
    window = std::make_unique<MainWindow>(*session);
    window->show();
  }

  void reopen() {
    window.reset();
    session.reset();
    open();
  }

  /// Waits for what the model says, driven by events.
  template <class Holds>
  bool waitFor(Holds holds) {
    return QTest::qWaitFor(holds, kPatience);
  }

  bool loadData() {
    session->open(kPhantom);
    return waitFor([&] { return !session->shownCase().empty() && !session->isLoading(); });
  }

  testing::AssertionResult waitForState(const std::string& state) {
    waitFor([&] { return session->run().state() == state || session->run().state() == "failed"; });
    if (session->run().state() == state) return testing::AssertionSuccess();
    return testing::AssertionFailure()
           << "the run is " << session->run().state() << ": " << session->run().stateText().toStdString();
  }

  QAction* action(const char* name) { return window->findChild<QAction*>(name); }

  test_support::TemporaryFolder folder;
  std::unique_ptr<Session> session;
  std::unique_ptr<MainWindow> window;
};

TEST_F(Workbench, SaysWhatToDoBeforeAnythingIsOpen) {
  EXPECT_FALSE(action("start")->isEnabled());
  session->open("/no/such/folder");
  auto* problem = window->findChild<QLabel*>("dataProblem");
  ASSERT_TRUE(waitFor([&] { return problem->isVisible(); }));
  EXPECT_TRUE(problem->text().contains("/no/such/folder")) << problem->text().toStdString();
}

TEST_F(Workbench, TheSliderMovesTheBandAndTheTable) {
  ASSERT_TRUE(loadData());
  const auto share = session->shownCase().facts().at(6).band_share;  // liver
  const auto before = window->views().view(ViewGrid::kAxial)->grab().toImage();
  auto* slider = window->findChild<QSlider*>("iterations.slider");
  ASSERT_NE(slider, nullptr);
  slider->setValue(slider->value() + 2);
  EXPECT_EQ(session->settings().config().contour.iterations, 3);
  EXPECT_EQ(window->findChild<QSpinBox*>("iterations")->value(), 3);
  EXPECT_GT(session->shownCase().facts().at(6).band_share, share);
  EXPECT_NE(window->views().view(ViewGrid::kAxial)->grab().toImage(), before);
  action("undo")->trigger();
  EXPECT_EQ(slider->value(), 0);
}

TEST_F(Workbench, The3dViewShowsShells) {
  if (!QTest::qWaitForWindowExposed(window.get())) GTEST_SKIP() << "no window on this display";
  ASSERT_TRUE(loadData());
  ASSERT_TRUE(waitFor([&] { return !window->views().surfaces()->isBusy(); }));
  EXPECT_GT(window->views().scene()->triangles(), 1000);
  if (!window->views().renderWidget()->isWorking()) GTEST_SKIP() << "no OpenGL 3.2 on this display";
  const QImage picture = window->picture("3d");
  const QColor background = picture.pixelColor(2, picture.height() - 2);
  int drawn = 0;
  for (int y = 0; y < picture.height(); y += 4)
    for (int x = 0; x < picture.width(); x += 4) drawn += picture.pixelColor(x, y) != background ? 1 : 0;
  EXPECT_GT(drawn, picture.width() * picture.height() / 16 / 50) << "organs cover some of the view";
  EXPECT_LT(background.lightness(), 60);
}

TEST_F(Workbench, TrainsTunesPausesResumesStopsExportsAndReopens) {
  ASSERT_TRUE(loadData());
  session->settings().set("epochs", 40);
  action("start")->trigger();
  ASSERT_TRUE(
      waitFor([&] { return session->run().steps().size() >= 2 || session->run().state() == "failed"; }));
  ASSERT_NE(session->run().state(), "failed") << session->run().stateText().toStdString();
  EXPECT_FALSE(action("start")->isEnabled());

  window->findChild<QSlider*>("lambda.slider")->setValue(80);
  ASSERT_TRUE(waitFor([&] { return !session->run().markers().empty(); }))
      << "the change comes back with its step";
  EXPECT_EQ(session->run().markers().front().text.toStdString(), "λ 0.8");

  ASSERT_TRUE(waitFor([&] { return session->run().epochs().size() >= 2; }));
  ASSERT_TRUE(waitFor([&] { return session->shownCase().prediction() != nullptr; }));

  action("pause")->trigger();
  ASSERT_TRUE(waitForState("paused"));
  EXPECT_TRUE(window->windowTitle().contains("paused"));
  EXPECT_TRUE(window->findChild<QLabel*>("title")->text().contains("paused"));
  EXPECT_TRUE(window->findChild<QLabel*>("status")->text().contains("Resume"));
  const auto steps = session->run().steps().size();
  action("resume")->trigger();
  ASSERT_TRUE(waitForState("running"));
  ASSERT_TRUE(waitFor([&] { return session->run().steps().size() > steps; }));
  action("stop")->trigger();
  ASSERT_TRUE(waitForState("stopped"));
  EXPECT_TRUE(action("resume")->isEnabled());

  const auto model = folder / "model.pt";
  QSignalSpy exported(session.get(), &Session::exported);
  session->exportModel(QString::fromStdString(model.string()), "torchscript");
  ASSERT_TRUE(waitFor([&] { return exported.count() == 1; }));
  EXPECT_GT(std::filesystem::file_size(model), 1000u);

  const auto run_folder = session->runFolder();
  const auto epochs = session->run().epochs().size();
  const auto losses = session->run().losses().at("total");
  reopen();
  session->open(QString::fromStdString(run_folder.string()));
  ASSERT_TRUE(waitFor([&] { return session->shownCase().prediction() != nullptr; }))
      << "the preview is shown again";
  EXPECT_EQ(session->run().epochs().size(), epochs);
  EXPECT_EQ(session->run().losses().at("total"), losses);
  EXPECT_EQ(session->run().markers().size(), 1u);
  EXPECT_DOUBLE_EQ(session->settings().config().loss.lambda, 0.8);
  EXPECT_EQ(session->run().state(), "stopped");
  action("resume")->trigger();
  ASSERT_TRUE(waitFor(
      [&] { return session->run().steps().size() > losses.size() || session->run().state() == "failed"; }));
  ASSERT_EQ(session->run().state(), "running") << session->run().stateText().toStdString();
  action("stop")->trigger();
  ASSERT_TRUE(waitForState("stopped"));
}

TEST_F(Workbench, AKilledEngineCostsNothingBeforeTheLastCheckpoint) {
  ASSERT_TRUE(loadData());
  session->settings().set("epochs", 40);
  action("start")->trigger();
  ASSERT_TRUE(
      waitFor([&] { return session->run().epochs().size() >= 1 || session->run().state() == "failed"; }));
  ASSERT_NE(session->run().state(), "failed") << session->run().stateText().toStdString();
  ASSERT_TRUE(waitFor([&] { return session->run().hasCheckpoint(); }));
  ::kill(static_cast<pid_t>(session->engine().processId()), SIGKILL);
  ASSERT_TRUE(waitForState("crashed"));
  EXPECT_TRUE(window->findChild<QFrame*>("notice")->isVisible());
  EXPECT_TRUE(window->findChild<QLabel*>("noticeText")->text().contains("Resume"));
  const auto steps = session->run().epochs().back().at.step;
  EXPECT_EQ(window->findChild<QPushButton*>("noticeAction")->text(), "Resume");
  window->findChild<QPushButton*>("noticeAction")->click();
  ASSERT_TRUE(waitFor([&] {
    const auto& run = session->run();
    return run.state() == "failed" || (run.state() == "running" && !run.steps().empty() &&
                                       run.steps().back() > static_cast<double>(steps));
  }));
  ASSERT_EQ(session->run().state(), "running") << session->run().stateText().toStdString();
  action("stop")->trigger();
  ASSERT_TRUE(waitForState("stopped"));
}

TEST_F(Workbench, TheWhatIfTableSaysWhereEachLossLooksAndFollowsTheSliders) {
  ASSERT_TRUE(loadData());
  auto* table = window->findChild<QTableWidget*>("whatIfTable");
  auto* subject = window->findChild<QLabel*>("probeSubject");
  const auto& probe = session->probes();
  ASSERT_TRUE(waitFor([&] { return session->probes().model().reply() && probe.isIdle(); }))
      << subject->text().toStdString();
  EXPECT_TRUE(subject->text().contains("untrained")) << subject->text().toStdString();
  ASSERT_EQ(table->rowCount(), 8);
  for (int row = 0; row < 8; ++row)
    EXPECT_GT(table->item(row, panels::WhatIfPanel::kValue)->text().toDouble(), 0) << row;
  const auto shareOf = [&](const char* loss) {
    const auto share = models::ProbeModel::gradientOf(*session->probes().model().find(loss), 0);
    return share.contour / share.sum();
  };
  const double before = shareOf("sdl");
  const QString ce = table->item(0, panels::WhatIfPanel::kValue)->text();
  window->findChild<QSlider*>("lambda.slider")->setValue(95);
  ASSERT_TRUE(waitFor([&] { return shareOf("sdl") != before && probe.isIdle(); }));
  EXPECT_GT(shareOf("sdl"), before) << "a larger λ puts more of the gradient on contours";
  EXPECT_EQ(table->item(0, panels::WhatIfPanel::kValue)->text(), ce) << "λ is nothing to cross entropy";

  // The heat map of the loss that was clicked, in the slices.
  window->findChild<QToolButton*>("layerHeat")->click();
  table->cellClicked(0, 0);
  ASSERT_TRUE(
      waitFor([&] { return session->shownCase().heat() && session->shownCase().heat()->loss == "ce"; }));
  const auto with = window->views().view(ViewGrid::kAxial)->grab().toImage();
  window->findChild<QToolButton*>("layerHeat")->click();
  EXPECT_NE(window->views().view(ViewGrid::kAxial)->grab().toImage(), with);
  auto* organs = window->findChild<QTableWidget*>("organTable");
  EXPECT_TRUE(organs->item(5, panels::OrganTable::kGradient)->toolTip().contains("CE"));
}

TEST_F(Workbench, AnotherNetworkOrClassesAreSaidWhereTheLossLooks) {
  ASSERT_TRUE(loadData());
  session->settings().set("epochs", 40);
  action("start")->trigger();
  ASSERT_TRUE(waitFor([&] { return !session->run().epochs().empty(); }));
  ASSERT_TRUE(waitFor([&] {
    return session->probes().model().reply() && session->probes().model().reply()->weights == "training";
  }));
  action("stop")->trigger();
  ASSERT_TRUE(waitForState("stopped"));
  const auto run = session->runFolder();
  // The same run with another data set's classes in its description.
  auto description = nlohmann::json::parse(core::readFile(run / "run.json"));
  description["config"]["data"] = "phantom:brats,cases=5,size=32x32x32";
  core::writeFileWhole(run / "run.json", description.dump());
  session->open(QString::fromStdString(run.string()));
  auto* problem = window->findChild<QLabel*>("dataProblem");
  ASSERT_TRUE(waitFor([&] { return problem->text().contains("other classes"); }));
  auto* subject = window->findChild<QLabel*>("probeSubject");
  ASSERT_TRUE(waitFor([&] { return subject->text().contains("channels"); })) << subject->text().toStdString();
}

TEST_F(Workbench, ScoresOfTheBestWeightsStandInTheTable) {
  ASSERT_TRUE(loadData());
  action("start")->trigger();
  ASSERT_TRUE(waitForState("finished"));
  ASSERT_TRUE(waitFor([&] { return !session->run().scores().empty(); }));
  auto* organs = window->findChild<QTableWidget*>("organTable");
  const auto means = models::meansOf(session->run().scores(), 6);
  const QString shown = organs->item(5, panels::OrganTable::kNsd)->text();
  EXPECT_EQ(shown, std::isfinite(means.nsd) ? QString::number(means.nsd, 'f', 3) : QStringLiteral("–"));
  int failed = 0;
  for (int row = 0; row < organs->rowCount(); ++row)
    failed += organs->item(row, panels::OrganTable::kDsc)->text() == "failed" ? 1 : 0;
  EXPECT_GT(failed, 0) << "two epochs find some organs not at all, and that is said";
}

TEST_F(Workbench, AnEngineKilledBeforeItsFirstCheckpointOffersToStartAgain) {
  ASSERT_TRUE(loadData());
  session->settings().set("epochs", 40);
  action("start")->trigger();
  ASSERT_TRUE(waitFor([&] { return session->engine().processId() > 0; }));
  ASSERT_FALSE(session->run().hasCheckpoint());
  ::kill(static_cast<pid_t>(session->engine().processId()), SIGKILL);
  ASSERT_TRUE(waitForState("crashed"));
  EXPECT_TRUE(action("start")->isEnabled());
  EXPECT_TRUE(window->findChild<QLabel*>("noticeText")->text().contains("press Start again"));
  auto* button = window->findChild<QPushButton*>("noticeAction");
  EXPECT_EQ(button->text(), "Start again");
  button->click();
  ASSERT_TRUE(
      waitFor([&] { return session->run().steps().size() >= 1 || session->run().state() == "failed"; }));
  ASSERT_NE(session->run().state(), "failed") << session->run().stateText().toStdString();
}

TEST_F(Workbench, ARunWithoutItsDataSetShowsItsOrgansAndScores) {
  const auto run = folder / "orphan";
  std::filesystem::create_directories(run);
  core::RunConfig config;
  config.data = "/no/such/folder";
  const nlohmann::json labels = {{{"value", 0}, {"name", "background"}, {"colour", {0, 0, 0}}},
                                 {{"value", 1}, {"name", "cortex"}, {"colour", {230, 20, 10}}},
                                 {{"value", 2}, {"name", "medulla"}, {"colour", {10, 20, 230}}}};
  core::writeFileWhole(run / "run.json",
                       nlohmann::json{{"config", config}, {"model", {{"labels", labels}}}}.dump());
  messages::Epoch epoch{{10, 1, 5}};
  epoch.classes = {{1, "cortex", 0.75}, {2, "medulla", 0.5}};
  core::writeFileWhole(run / "events.jsonl", messages::toJson(epoch).dump() + "\nnot a line of events\n");
  session->open(QString::fromStdString(run.string()));
  auto* problem = window->findChild<QLabel*>("dataProblem");
  ASSERT_TRUE(waitFor([&] { return problem->isVisible(); }));
  EXPECT_TRUE(problem->text().contains("/no/such/folder")) << problem->text().toStdString();
  auto* organs = window->findChild<QTableWidget*>("organTable");
  ASSERT_EQ(organs->rowCount(), 2);
  EXPECT_EQ(organs->item(0, panels::OrganTable::kName)->text(), "cortex");
  EXPECT_EQ(organs->item(0, panels::OrganTable::kDsc)->text(), "0.750");
  EXPECT_EQ(organs->item(0, panels::OrganTable::kName)->icon().pixmap(12).toImage().pixelColor(5, 5),
            QColor(230, 20, 10));
  EXPECT_TRUE(window->findChild<QLabel*>("noticeText")->text().contains("One line"))
      << "a broken line is said where it happens";
}

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
  button->click();
  EXPECT_FALSE(std::filesystem::exists(run));
  ASSERT_TRUE(waitFor([&] { return table->rowCount() == 0; }));
}

// A run that was trained for two epochs, the second its best, and scored in five cases.
void writeRun(const std::filesystem::path& run, double lambda, double better) {
  std::filesystem::create_directories(run);
  core::RunConfig config;
  config.data = kPhantom;
  config.loss.lambda = lambda;
  core::writeFileWhole(run / "run.json", nlohmann::json{{"config", config}}.dump());
  std::string events;
  for (int number : {1, 2, 2}) {  // the second was trained again after a resumption
    messages::Epoch epoch{{10 * number, number, 5.0 * number}};
    epoch.mean_dsc = 0.3 * number + better;
    epoch.loss = 1.0 / number;
    epoch.best = true;
    events += messages::toJson(epoch).dump() + "\n";
  }
  core::writeFileWhole(run / "events.jsonl", events + "{\"event\": \"ste");
  std::string scores = "case,class,name,dsc,nsd_1mm,hd95_mm,assd_mm\n";
  for (int i = 1; i <= 5; ++i)
    scores += std::to_string(i) + ",1,liver," + std::to_string(0.5 + 0.01 * i + better * i) + ",0.9,2,1\n";
  core::writeFileWhole(run / "scores.csv", scores);
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

TEST_F(Workbench, CurvesTakeALogarithmicAxisSmoothingAndAreSaved) {
  auto& run = session->run();
  for (int step = 1; step <= 50; ++step) {
    messages::Step event{{step, 1, 1.0 * step}};
    event.loss = step == 10 ? 0 : 1.0 / step;
    run.apply(event);
  }
  auto* chart = window->findChild<charts::CurveChart*>("lossChart");
  ASSERT_TRUE(waitFor([&] { return chart->curveCount() == 2; }));
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

TEST_F(Workbench, F1ListsEveryActionWithAShortcut) {
  window->activateWindow();
  if (!QTest::qWaitForWindowActive(window.get())) GTEST_SKIP() << "no window on this display";
  QTest::keyClick(window.get(), Qt::Key_F1);
  auto* sheet = window->findChild<KeyboardSheet*>();
  ASSERT_NE(sheet, nullptr);
  EXPECT_FALSE(sheet->isModal());
  QStringList listed;
  for (const auto* label : sheet->findChildren<QLabel*>()) {
    EXPECT_FALSE(label->accessibleName().isEmpty()) << label->text().toStdString();
    listed << label->text();
  }
  for (const auto* one : window->findChildren<QAction*>()) {
    const QString keys = one->shortcut().toString(QKeySequence::NativeText);
    EXPECT_TRUE(keys.isEmpty() || listed.contains(keys)) << one->text().toStdString();
  }
  QTest::keyClick(sheet, Qt::Key_Escape);
  EXPECT_TRUE(waitFor([&] { return window->findChild<KeyboardSheet*>() == nullptr; }));
}

}  // namespace
}  // namespace rind::workbench

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  QSurfaceFormat format;
  format.setVersion(3, 2);
  format.setProfile(QSurfaceFormat::CoreProfile);
  format.setDepthBufferSize(24);
  format.setAlphaBufferSize(8);
  QSurfaceFormat::setDefaultFormat(format);
  QApplication application(argc, argv);
  rind::workbench::applyTheme(application);
  return RUN_ALL_TESTS();
}
