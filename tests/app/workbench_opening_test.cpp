// What belongs together stays together while one thing is opened after another.
#include <gtest/gtest.h>
#include <signal.h>

#include <QFileDialog>
#include <QMessageBox>
#include <QPushButton>
#include <QTableWidget>

#include "rind/core/atomic_file.h"
#include "rind/panels/case_line.h"
#include "rind/workbench/file_dialogs.h"
#include "workbench_window.h"

namespace rind::workbench {
namespace {

constexpr const char* kOther = "phantom:brats,cases=3,size=32x32x32";

class Opening : public Workbench {
 protected:
  panels::CaseList* list() { return window->findChild<panels::CaseList*>(); }
  bool isShown(const char* source) {
    return waitFor([&] {
      return session->source() == source && !session->shownCase().empty() && !session->isLoading();
    });
  }
  QStringList validated() {
    QStringList ids;
    for (int row = 0; row < list()->count(); ++row)
      if (!list()->item(row)->data(panels::kPurposeRole).toString().isEmpty())
        ids << list()->item(row)->text();
    return ids;
  }
};

TEST_F(Opening, NothingIsStartedWhileAnotherSourceIsOpened) {
  ASSERT_TRUE(loadData());
  session->open(kOther);
  EXPECT_FALSE(session->canStart());
  EXPECT_FALSE(action("start")->isEnabled());
  session->start();
  EXPECT_FALSE(session->run().isActive());
  ASSERT_TRUE(isShown(kOther));
  EXPECT_TRUE(action("start")->isEnabled());
}

TEST_F(Opening, WhatCannotBeOpenedLeavesWhatIsOpen) {
  ASSERT_TRUE(loadData());
  const QString id = session->caseId();
  session->open("/no/such/folder");
  ASSERT_TRUE(waitFor([&] { return !window->findChild<QLabel*>("dataProblem")->text().isEmpty(); }));
  EXPECT_EQ(session->source(), kPhantom);
  EXPECT_EQ(session->caseId(), id);
  EXPECT_TRUE(session->canStart());
}

TEST_F(Opening, OtherClassesBeginVisibleAndNotSelected) {
  ASSERT_TRUE(loadData());
  session->shownCase().setVisible(2, false);
  session->shownCase().select(3);
  session->open(kOther);
  ASSERT_TRUE(isShown(kOther));
  EXPECT_TRUE(session->shownCase().isVisible(2));
  EXPECT_EQ(session->shownCase().selected(), 0);
}

TEST_F(Opening, AnotherSeedMarksOtherCasesAsValidated) {
  session->settings().set("validation", 0.4);
  ASSERT_TRUE(loadData());
  const QStringList before = validated();
  EXPECT_EQ(before.size(), 2);
  QStringList after = before;
  for (int seed = 2; seed < 9 && after == before; ++seed) {
    session->settings().set("seed", seed);
    after = validated();
  }
  EXPECT_NE(after, before);
  QStringList wanted;
  for (const auto& id : session->split().validation) wanted << QString::fromStdString(id);
  wanted.sort();
  after.sort();
  EXPECT_EQ(after, wanted);
}

TEST_F(Opening, NextCaseSkipsThoseThatAreNotFound) {
  ASSERT_TRUE(loadData());
  const QString last = list()->item(list()->count() - 1)->text();
  list()->setCurrentRow(0);
  list()->filter(last);
  action("nextCase")->trigger();
  EXPECT_EQ(list()->currentRow(), list()->count() - 1);
}

TEST_F(Opening, TheOfferToResumeGoesWithItsRun) {
  ASSERT_TRUE(loadData());
  session->settings().set("epochs", 40);
  action("start")->trigger();
  ASSERT_TRUE(waitFor([&] { return session->run().hasCheckpoint() && !session->run().steps().empty(); }));
  ::kill(static_cast<pid_t>(session->engine().processId()), SIGKILL);
  ASSERT_TRUE(waitForState("crashed"));
  auto* offer = window->findChild<QPushButton*>("noticeAction");
  ASSERT_TRUE(waitFor([&] { return offer->isVisible(); }));
  EXPECT_EQ(offer->text(), "Resume");
  session->open(kOther);
  ASSERT_TRUE(isShown(kOther));
  EXPECT_FALSE(offer->isVisible());
}

TEST_F(Opening, AnotherErrorDoesNotOfferToResume) {
  ASSERT_TRUE(loadData());
  action("start")->trigger();
  ASSERT_TRUE(waitFor([&] { return session->run().hasCheckpoint() && !session->run().steps().empty(); }));
  action("stop")->trigger();
  ASSERT_TRUE(waitFor([&] { return session->canResume(); }));
  Q_EMIT session->noticed("The picture could not be written.", true);
  EXPECT_FALSE(window->findChild<QPushButton*>("noticeAction")->isVisible());
}

TEST_F(Opening, ARunThatIsTrainedIsNotMovedToTheTrash) {
  ASSERT_TRUE(loadData());
  session->settings().set("epochs", 40);
  action("start")->trigger();
  ASSERT_TRUE(waitFor([&] { return session->run().hasCheckpoint() && !session->run().steps().empty(); }));
  action("stop")->trigger();
  ASSERT_TRUE(waitForState("stopped"));
  auto* tabs = window->findChild<QTabWidget*>("sideTabs");
  tabs->setCurrentIndex(tabs->count() - 1);
  auto* table = window->findChild<QTableWidget*>("runsTable");
  ASSERT_TRUE(waitFor([&] { return table->rowCount() == 1; }));
  table->selectRow(0);
  ASSERT_TRUE(waitFor([&] { return window->findChild<QPushButton*>("deleteRun")->isEnabled(); }));
  window->findChild<QPushButton*>("deleteRun")->click();
  auto* move = window->findChild<QPushButton*>("noticeAction");
  ASSERT_EQ(move->text(), "Move to the trash");
  const auto run = session->runFolder();
  action("resume")->trigger();
  ASSERT_TRUE(waitForState("running"));
  ASSERT_TRUE(move->isVisible());
  move->click();
  EXPECT_TRUE(std::filesystem::exists(run / "run.json"));
  EXPECT_TRUE(window->findChild<QLabel*>("noticeText")->text().contains("is being trained"));
}

class Exporting : public Workbench {
 protected:
  // Accepts a dialog's proposal of `name` in the folder, without its extension.
  void accept(const QString& name) {
    auto* dialog = window->findChild<QFileDialog*>();
    ASSERT_NE(dialog, nullptr);
    dialog->setDirectory(QString::fromStdString(folder.path().string()));
    dialog->selectFile(name);
    static_cast<QDialog*>(dialog)->accept();
  }
};

TEST_F(Exporting, WhatIsThereAlreadyIsReplacedOnlyAfterAQuestion) {
  core::writeFileWhole(folder / "model.ts", "kept");
  QString chosen;
  const auto ask = [&] {
    askForExport(window.get(), "model", [&](const QString& path, const QString&) { chosen = path; });
    accept("model");
  };
  ask();
  auto* question = window->findChild<QMessageBox*>("replaceQuestion");
  ASSERT_NE(question, nullptr);
  EXPECT_TRUE(question->text().contains("model.ts"));
  EXPECT_TRUE(chosen.isEmpty());
  question->button(QMessageBox::No)->click();
  EXPECT_TRUE(chosen.isEmpty());
  ASSERT_TRUE(waitFor([&] { return window->findChild<QMessageBox*>("replaceQuestion") == nullptr; }));
  ASSERT_TRUE(waitFor([&] { return window->findChild<QFileDialog*>() == nullptr; }));
  ask();
  question = window->findChild<QMessageBox*>("replaceQuestion");
  ASSERT_NE(question, nullptr);
  question->button(QMessageBox::Yes)->click();
  EXPECT_TRUE(chosen.endsWith("/model.ts")) << chosen.toStdString();
}

TEST_F(Exporting, OneSurfaceForEachOrganAsksForAllOfThem) {
  core::writeFileWhole(folder / "organs_liver.stl", "kept");
  QString chosen;
  askForSurfaces(window.get(), "Surfaces", [&](const QString& path) { chosen = path; });
  auto* dialog = window->findChild<QFileDialog*>();
  for (const auto& filter : dialog->nameFilters())
    if (filter.contains(".stl") && filter.contains("each organ")) dialog->selectNameFilter(filter);
  accept("organs");
  auto* question = window->findChild<QMessageBox*>("replaceQuestion");
  ASSERT_NE(question, nullptr);
  EXPECT_TRUE(question->text().contains("organs_liver.stl"));
  question->button(QMessageBox::Yes)->click();
  EXPECT_TRUE(chosen.contains("{organ}"));
}

}  // namespace
}  // namespace rind::workbench
