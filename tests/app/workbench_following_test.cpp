// A run that is open while another process trains it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <QCheckBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSlider>
#include <QTableWidget>
#include <cmath>
#include <fstream>

#include "rind/core/atomic_file.h"
#include "rind/core/host.h"
#include "workbench_window.h"

namespace rind::workbench {
namespace {

namespace fs = std::filesystem;

/// A run folder whose trainer is played by the test.
class Following : public Workbench {
 protected:
  Following() {
    fs::create_directories(run_ / "checkpoints");
    core::writeFileWhole(run_ / "checkpoints" / "last.checkpoint", "state");
    core::RunConfig config;
    config.data = kPhantom;
    core::writeFileWhole(run_ / "run.json", nlohmann::json{{"config", config}}.dump());
    beTrainedBy(core::hostName(), ::getpid());
    messages::Started started{{0, 0, 1}};
    started.epochs = 10;
    started.steps_per_epoch = 2;
    append({started});
  }
  ~Following() override { letGo(); }

  void beTrainedBy(const std::string& host, int process) {
    letGo();
    core::writeFileWhole(run_ / "lock", host + ", process " + std::to_string(process) + "\n");
    lock_ = ::open((run_ / "lock").c_str(), O_RDWR);
    ASSERT_EQ(::flock(lock_, LOCK_EX | LOCK_NB), 0);
  }
  void letGo() {
    if (lock_ >= 0) ::close(lock_);
    lock_ = -1;
  }
  static std::string linesOf(const std::vector<messages::Event>& events) {
    std::string lines;
    for (const auto& event : events) lines += messages::toJson(event).dump() + "\n";
    return lines;
  }
  void append(const std::string& bytes) { std::ofstream(run_ / "events.jsonl", std::ios::app) << bytes; }
  void append(const std::vector<messages::Event>& events) { append(linesOf(events)); }
  static messages::Event step(int number) {
    messages::Step event{{number, (number + 1) / 2, 10.0 * number}};
    event.loss = 1.0 / number;
    return event;
  }
  static messages::Event epoch(int number) {
    messages::Epoch event{{2 * number, number, 20.0 * number}};
    event.seconds = 20;
    event.mean_dsc = 0.1 * number;
    event.classes = {{1, "liver", 0.1 * number}};
    event.best = true;
    return event;
  }
  bool openRun() {
    session->open(QString::fromStdString(run_.string()));
    return waitForState("held") && waitFor([&] { return !session->isLoading(); });
  }
  QString textOf(const char* label) { return window->findChild<QLabel*>(label)->text(); }

  fs::path run_ = folder / "followed";
  int lock_ = -1;
};

TEST_F(Following, WhatIsWrittenIsShownAndThatTheRunIsNotThisWindows) {
  ASSERT_TRUE(openRun());
  const QString trainer = QStringLiteral("trained by process %1").arg(::getpid());
  EXPECT_TRUE(textOf("title").endsWith(trainer)) << textOf("title").toStdString();
  EXPECT_TRUE(window->windowTitle().endsWith(trainer));
  EXPECT_TRUE(textOf("status").startsWith(trainer)) << textOf("status").toStdString();
  for (const char* name : {"pause", "resume", "stop"}) {
    EXPECT_FALSE(action(name)->isEnabled()) << name;
    EXPECT_TRUE(action(name)->toolTip().contains("Another process")) << name;
  }
  auto* loss = window->findChild<charts::CurveChart*>("lossChart");
  auto* scrubber = window->findChild<QSlider*>("epochScrubber");
  const std::string half = linesOf({epoch(2)});
  append({step(1), step(2), epoch(1), step(3), step(4)});
  append(half.substr(0, 40));
  ASSERT_TRUE(waitFor([&] { return session->run().steps().size() == 4; }));
  EXPECT_EQ(session->run().epochs().size(), 1u) << "half a line is no epoch";
  EXPECT_TRUE(waitFor([&] { return loss->pointCount() >= 4; }));
  EXPECT_TRUE(textOf("timeLeft").contains("epoch 2 of 10")) << textOf("timeLeft").toStdString();
  EXPECT_TRUE(textOf("timeLeft").contains("3 min left")) << textOf("timeLeft").toStdString();
  append(half.substr(40));
  ASSERT_TRUE(waitFor([&] { return scrubber->maximum() == 2; }));
  auto* organs = window->findChild<QTableWidget*>("organTable");
  ASSERT_GT(organs->rowCount(), 0);
  EXPECT_EQ(organs->item(0, panels::OrganTable::kDsc)->text(), "0.200");
  core::writeFileWhole(run_ / "scores.csv",
                       "case,class,name,dsc,nsd_1mm,hd95_mm,assd_mm\n1,1,liver,0.2,0.9,7,1\n");
  EXPECT_TRUE(waitFor([&] { return session->run().scores().size() == 1; }));
  EXPECT_TRUE(session->run().log().back().level == models::LogLine::Level::note) << "no line was broken";
}

TEST_F(Following, ARunThatIsTakenUpAgainFromAnEarlierStepIsReadAnew) {
  append({step(1), step(2), epoch(1), step(3), step(4), epoch(2)});
  ASSERT_TRUE(openRun());
  EXPECT_EQ(session->run().epochs().size(), 2u);
  messages::Started again{{2, 1, 100}};
  again.epochs = 10;
  again.steps_per_epoch = 2;
  again.resumed_from = 2;
  core::writeFileWhole(run_ / "events.jsonl", linesOf({step(1), step(2), epoch(1), again}));
  ASSERT_TRUE(waitFor([&] { return session->run().steps().size() == 2; }));
  EXPECT_EQ(session->run().epochs().size(), 1u);
  EXPECT_EQ(window->findChild<QSlider*>("epochScrubber")->maximum(), 1);
}

TEST_F(Following, TheLogOfARunThatIsReadAnewIsWrittenAnewHoweverLong) {
  append({epoch(1)});
  ASSERT_TRUE(openRun());
  auto* log = window->findChild<QPlainTextEdit*>("log");
  ASSERT_TRUE(log->toPlainText().contains("Epoch 1:")) << log->toPlainText().toStdString();
  const int last = 10 + static_cast<int>(session->run().log().size());
  std::vector<messages::Event> others;
  for (int number = 11; number <= last; ++number) others.push_back(epoch(number));
  core::writeFileWhole(run_ / "events.jsonl", linesOf(others));
  ASSERT_TRUE(waitFor([&] {
    const auto& epochs = session->run().epochs();
    return !epochs.empty() && epochs.back().at.epoch == last;
  }));
  EXPECT_FALSE(log->toPlainText().contains("Epoch 1:")) << log->toPlainText().toStdString();
  EXPECT_TRUE(log->toPlainText().contains("Epoch 11:")) << log->toPlainText().toStdString();
}

TEST_F(Following, AnEndIsNoticedAndTheRunCanGoOnHere) {
  ASSERT_TRUE(openRun());
  messages::Ended ended{{2, 1, 50}};
  ended.reason = "stopped";
  append({step(1), step(2), epoch(1), ended});
  letGo();
  ASSERT_TRUE(waitForState("stopped"));
  EXPECT_TRUE(action("resume")->isEnabled());
  EXPECT_FALSE(action("resume")->toolTip().contains("Another process"));
  EXPECT_TRUE(textOf("noticeText").contains("stopped")) << textOf("noticeText").toStdString();
  beTrainedBy(core::hostName(), ::getpid());
  core::writeFileWhole(run_ / "events.jsonl",
                       linesOf({step(1), step(2), epoch(1), messages::Started{{2, 1, 60}}}));
  EXPECT_TRUE(waitForState("held")) << "somebody else went on with it";
  EXPECT_FALSE(action("resume")->isEnabled());
}

TEST_F(Following, ATrainerThatIsGoneWithoutAnEndBrokeOff) {
  append({step(1)});
  ASSERT_TRUE(openRun());
  letGo();
  ASSERT_TRUE(waitForState("crashed"));
  EXPECT_TRUE(textOf("noticeText").contains("broke off")) << textOf("noticeText").toStdString();
  EXPECT_EQ(window->findChild<QPushButton*>("noticeAction")->text(), "Resume");
}

TEST_F(Following, ASettingMovedHereIsOnlyDrawnAndOneMovedThereIsTaken) {
  ASSERT_TRUE(openRun());
  EXPECT_FALSE(window->findChild<QCheckBox*>("applyToRunning")->isEnabled());
  session->settings().set("iterations", 4);
  ASSERT_TRUE(waitFor([&] { return textOf("noticeText").contains("only what is drawn"); }))
      << textOf("noticeText").toStdString();
  append({messages::Parameters{{1, 1, 5}, {{"lambda", 0.875}, {"iterations", 2}}}});
  ASSERT_TRUE(waitFor([&] { return session->settings().config().loss.lambda == 0.875; }));
  EXPECT_EQ(session->settings().config().contour.iterations, 4) << "it was moved here";
  EXPECT_EQ(session->run().markers().size(), 1u);
}

TEST_F(Following, WhyATrainerWaitsIsSaidInOneLineThatDoesNotWidenTheWindow) {
  ASSERT_TRUE(openRun());
  const QSize before = window->size();
  const std::string why = "waiting for room on the disk: " + std::string(180, 'x');
  std::ofstream(run_ / "lock", std::ios::app) << why << "  \n";
  ASSERT_TRUE(waitFor([&] { return textOf("title").contains("paused in process"); }));
  EXPECT_TRUE(textOf("status").endsWith(QString::fromStdString(why))) << textOf("status").toStdString();
  QCoreApplication::processEvents();
  EXPECT_EQ(window->size(), before);
  EXPECT_LE(window->minimumSizeHint().width(), before.width());
}

TEST_F(Following, ARunOfAnotherMachineIsFollowedOnceItIsSeenToGoOn) {
  beTrainedBy("gpu-host", 7);
  session->open(QString::fromStdString(run_.string()));
  ASSERT_TRUE(waitForState("elsewhere"));
  EXPECT_TRUE(textOf("title").endsWith("on gpu-host")) << textOf("title").toStdString();
  EXPECT_TRUE(action("resume")->isEnabled());
  append({step(1)});
  ASSERT_TRUE(waitForState("held"));
  EXPECT_TRUE(textOf("title").endsWith("trained on gpu-host")) << textOf("title").toStdString();
  EXPECT_FALSE(action("resume")->isEnabled());
}

}  // namespace
}  // namespace rind::workbench
