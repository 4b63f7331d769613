// A training from the window: started, tuned, paused, killed, probed.
#include <gtest/gtest.h>
#include <signal.h>

#include <QFileDialog>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QTableWidget>
#include <QToolButton>
#include <cmath>

#include "rind/core/atomic_file.h"
#include "rind/panels/organ_table.h"
#include "rind/panels/what_if_panel.h"
#include "workbench_window.h"

namespace rind::workbench {
namespace {

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

  action("export")->trigger();
  auto* dialog = window->findChild<QFileDialog*>();
  ASSERT_NE(dialog, nullptr);
  EXPECT_TRUE(dialog->selectedFiles().value(0).contains(
      QString::fromStdString(session->runFolder().filename().string())));
  dialog->reject();

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

TEST_F(Workbench, AFinishedTrainingIsLookedAtOnceMore) {
  ASSERT_TRUE(loadData());
  ASSERT_TRUE(waitFor([&] { return session->probes().model().reply().has_value(); }));
  action("start")->trigger();
  ASSERT_TRUE(waitForState("finished"));
  const auto last = session->run().epochs().back().at.step;
  EXPECT_TRUE(waitFor([&] {
    const auto& reply = session->probes().model().reply();
    return reply && reply->weights != "untrained" && (reply->weights == "best" || reply->step == last);
  })) << window->findChild<QLabel*>("probeSubject")->text().toStdString();
  const auto* organs = window->findChild<QTableWidget*>("organTable");
  EXPECT_TRUE(
      waitFor([&] { return organs->item(0, panels::OrganTable::kNsd)->text() != QStringLiteral("–"); }));
  const QString origin = window->findChild<QLabel*>("scoreOrigin")->text();
  EXPECT_TRUE(origin.startsWith(QStringLiteral("DSC: epoch 2 · NSD, HD95: epoch "))) << origin.toStdString();
}

TEST_F(Workbench, AKilledEngineCostsNothingBeforeTheLastCheckpoint) {
  ASSERT_TRUE(loadData());
  session->settings().set("epochs", 40);
  action("start")->trigger();
  ASSERT_TRUE(
      waitFor([&] { return session->run().epochs().size() >= 1 || session->run().state() == "failed"; }));
  ASSERT_NE(session->run().state(), "failed") << session->run().stateText().toStdString();
  ASSERT_TRUE(waitFor([&] { return models::holdsCheckpoint(session->runFolder()); }));
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

}  // namespace
}  // namespace rind::workbench
