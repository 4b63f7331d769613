// What is asked of a training at an awkward moment, and what goes wrong in one.
#include <gtest/gtest.h>

#include <atomic>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/test_support/temporary_folder.h"
#include "rind/training/file_writer.h"
#include "toy_run.h"
#include "watched_session.h"

namespace rind::training {
namespace {

namespace fs = std::filesystem;
using test_support::TemporaryFolder;

/// Whether the first case of that epoch's validation is done.
bool isValidating(const messages::Event& event, int epoch) {
  const auto* progress = std::get_if<messages::Progress>(&event);
  return progress != nullptr && progress->what == "validating" && progress->done == 1 &&
         progress->at.epoch == epoch;
}

SessionSetup resumed(const fs::path& folder, EventRecord& record) {
  auto setup = toySetup(folder, record);
  setup.resume = true;
  return setup;
}

/// toyData whose training cases' openings are counted, the `bad`th of which fails.
OpenData openFailingAt(int bad) {
  const auto opened = std::make_shared<std::atomic<int>>(0);
  return [opened, bad](const core::RunConfig&, const OpeningWatch&) {
    TrainingData data = toyData();
    data.training = toyCases(6, [opened, bad](std::size_t, std::vector<float>&) {
      if (++*opened == bad) throw core::InputError("image.raw", "is cut short", "copy it again");
    });
    return data;
  };
}

}  // namespace

TEST(Asking, AChangeInTheLastValidationIsTakenAndAReplayMakesIt) {
  const TemporaryFolder folder;
  EventRecord record;
  auto config = toyConfig();
  config.epochs = 1;
  WatchedSession session(toySetup(folder / "run", record, config),
                         [](const messages::Event& event, Session& running) {
                           if (isValidating(event, 1)) running.change({{"epochs", 2}, {"flip", 1.0}});
                         });
  const auto result = session.wait();
  EXPECT_EQ(result.reason, "finished") << result.text;
  EXPECT_EQ(result.steps, 6) << "a second epoch was asked for";
  EventRecord again;
  auto setup = toySetup(folder / "again", again, config);
  setup.replay = recordedChanges(folder / "run/events.jsonl");
  EXPECT_EQ(Session(std::move(setup)).wait().reason, "finished");
  EXPECT_EQ(lastCheckpoint(folder / "again"), lastCheckpoint(folder / "run"));
  EventRecord without;
  Session(toySetup(folder / "without", without)).wait();
  EXPECT_NE(lastCheckpoint(folder / "without"), lastCheckpoint(folder / "run"))
      << "the second epoch was flipped";
}

TEST(Asking, AChangeThatAStopFollowsIsNotLost) {
  const TemporaryFolder folder;
  const auto changes = [](Session& running) { running.change({{"lambda", 0.9}, {"lr", 3e-3}}); };
  EventRecord whole, cut, rest;
  WatchedSession uninterrupted(toySetup(folder / "whole", whole), afterStep(2, changes));
  ASSERT_EQ(uninterrupted.wait().reason, "finished");
  WatchedSession stopped(toySetup(folder / "cut", cut), afterStep(2, [changes](Session& running) {
                           changes(running);
                           running.stop();
                         }));
  ASSERT_EQ(stopped.wait().reason, "stopped");
  const auto recorded = recordedChanges(folder / "cut/events.jsonl");
  ASSERT_EQ(recorded.size(), 1U);
  EXPECT_EQ(recorded[0].step, 2);
  EXPECT_EQ(Session(resumed(folder / "cut", rest)).wait().reason, "finished");
  EXPECT_EQ(lastCheckpoint(folder / "cut"), lastCheckpoint(folder / "whole"));
}

TEST(Asking, WhereItWasStoppedItSaysWhetherThereIsSomethingToResume) {
  const TemporaryFolder folder;
  EventRecord record, other;
  const auto stopAtOnce = [](const messages::Event& event, Session& running) {
    if (std::holds_alternative<messages::State>(event)) running.stop();
  };
  auto setup = toySetup(folder / "run", record);
  setup.open = [](const core::RunConfig&, const OpeningWatch& watch) -> TrainingData {
    EXPECT_TRUE(watch.cancelled());
    throw core::Interrupted("stopped while cases were prepared");
  };
  WatchedSession preparing(std::move(setup), stopAtOnce);
  EXPECT_FALSE(preparing.wait().resumable);
  EXPECT_FALSE(fs::exists(folder / "run"));
  WatchedSession begun(toySetup(folder / "run", other),
                       afterStep(1, [](Session& running) { running.stop(); }));
  EXPECT_TRUE(begun.wait().resumable);
}

TEST(Failing, AFailureKeepsTheStepsThatWereDone) {
  const TemporaryFolder folder;
  EventRecord whole, record, rest;
  Session(toySetup(folder / "whole", whole)).wait();
  auto setup = toySetup(folder / "run", record);
  setup.open = openFailingAt(17);  // 12 for plan and fingerprint, then the fifth patch
  const auto failed = Session(std::move(setup)).wait();
  EXPECT_EQ(failed.reason, "failed");
  EXPECT_NE(failed.text.find("case toy_"), std::string::npos) << failed.text;
  EXPECT_EQ(failed.steps, 2);
  EXPECT_EQ(Session(resumed(folder / "run", rest)).wait().reason, "finished");
  EXPECT_EQ(rest.of<messages::Started>().at(0).resumed_from, 2);
  EXPECT_EQ(lastCheckpoint(folder / "run"), lastCheckpoint(folder / "whole"));
}

TEST(Failing, AValidationCaseIsNamedOrLeftOutWhereAsked) {
  const TemporaryFolder folder;
  for (const bool skip : {false, true}) {
    EventRecord record;
    auto setup = toySetup(folder / (skip ? "skipping" : "ending"), record);
    setup.config.skip_broken = skip;
    const auto opened = std::make_shared<std::atomic<int>>(0);
    setup.open = [opened](const core::RunConfig&, const OpeningWatch&) {
      TrainingData data = toyData();
      data.validation = toyCases(2, [opened](std::size_t index, std::vector<float>&) {
        // Plan and fingerprint open each once.
        if (++*opened > 4 && index == 1) throw core::InputError("image.raw", "is cut short", "copy it again");
      });
      return data;
    };
    const auto result = Session(std::move(setup)).wait();
    if (!skip) {
      EXPECT_EQ(result.reason, "failed");
      EXPECT_NE(result.text.find("case toy_1"), std::string::npos) << result.text;
      continue;
    }
    EXPECT_EQ(result.reason, "finished") << result.text;
    ASSERT_FALSE(record.of<messages::Warning>().empty());
    EXPECT_NE(record.of<messages::Warning>().back().text.find("left out: case toy_1"), std::string::npos);
    const std::string scores = core::readFile(folder / "skipping/scores.csv");
    EXPECT_NE(scores.find("toy_0"), std::string::npos);
    EXPECT_EQ(scores.find("toy_1"), std::string::npos);
  }
}

TEST(Failing, CasesThatWereLeftOutOfThePreparationAreInTheRecord) {
  const TemporaryFolder folder;
  EventRecord record;
  auto setup = toySetup(folder / "run", record);
  setup.open = [](const core::RunConfig&, const OpeningWatch& watch) {
    watch.left_out("case 7: is broken; mend it");
    return toyData();
  };
  Session(std::move(setup)).wait();
  EXPECT_NE(core::readFile(folder / "run/events.jsonl").find("left out: case 7: is broken"),
            std::string::npos);
}

TEST(Failing, AFileThatCannotBeWrittenEndsTheRunAndIsNamed) {
  const TemporaryFolder folder;
  EventRecord record;
  WatchedSession session(toySetup(folder / "run", record), [&folder](const messages::Event& event, Session&) {
    if (!std::holds_alternative<messages::Started>(event)) return;
    fs::remove_all(folder / "run/previews");
    core::writeFileWhole(folder / "run/previews", "in the way");
  });
  const auto result = session.wait();
  EXPECT_EQ(result.reason, "failed");
  EXPECT_NE(result.text.find("previews/epoch_0001.nrrd: cannot be written"), std::string::npos)
      << result.text;
}

TEST(Failing, OnlyAFullDiskIsTriedAgain) {
  FileWriter writer;
  int tries = 0;
  const auto add = [&writer](std::function<void()> write) {
    FileWriter::Job job;
    job.write = std::move(write);
    job.written = messages::Checkpoint{};
    writer.add(std::move(job));
  };
  add([&tries] {
    if (++tries == 1) throw core::DiskFull("a", "cannot be written (no space)", "make room");
  });
  add([] { throw core::InputError("b", "cannot be written (no permission)", "check it"); });
  add([] {});
  EXPECT_TRUE(writer.finish([] { return true; }));
  EXPECT_EQ(tries, 2);
  EXPECT_EQ(writer.takeWritten().size(), 2U) << "what comes after a failure is written";
  EXPECT_THROW(writer.throwFailure(), core::InputError);
  EXPECT_NO_THROW(writer.throwFailure());
}

}  // namespace rind::training
