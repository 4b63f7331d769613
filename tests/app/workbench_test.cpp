#include <gtest/gtest.h>
#include <signal.h>

#include <QApplication>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTableWidget>
#include <QToolButton>
#include <cmath>
#include <fstream>

#include "rind/core/atomic_file.h"
#include "rind/core/nrrd.h"
#include "rind/core/settings.h"
#include "rind/panels/what_if_panel.h"
#include "rind/workbench/keyboard_sheet.h"
#include "rind/workbench/surface_desk.h"
#include "rind/workbench/theme.h"
#include "workbench_window.h"

namespace rind::workbench {
namespace {

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

TEST_F(Workbench, SurfacesOfTheOrgansThatAreShownAreWritten) {
  EXPECT_FALSE(action("exportReference")->isEnabled());
  ASSERT_TRUE(loadData());
  EXPECT_TRUE(action("exportReference")->isEnabled());
  EXPECT_FALSE(action("exportPrediction")->isEnabled()) << "there is none";
  session->shownCase().setVisible(6, false);
  auto* desk = window->findChild<SurfaceDesk*>();
  auto* said = window->findChild<QLabel*>("noticeText");
  const auto file = folder / "organs.obj";
  desk->write(QString::fromStdString(file.string()), false);
  ASSERT_TRUE(waitFor([&] { return said->text().contains("organs.obj"); })) << said->text().toStdString();
  const std::string text = core::readFile(file);
  EXPECT_NE(text.find("o spleen\n"), std::string::npos);
  EXPECT_EQ(text.find("o liver\n"), std::string::npos) << "it is hidden";
  desk->write("/no/such/folder/organs.glb", false);
  EXPECT_TRUE(waitFor([&] { return said->text().contains("/no/such/folder"); }));
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
  rind::rendering::RenderWidget::askForOpenGl();
  QApplication application(argc, argv);
  rind::workbench::applyTheme(application);
  return RUN_ALL_TESTS();
}
