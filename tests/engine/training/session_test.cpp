#include "rind/training/session.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <sstream>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/test_support/temporary_folder.h"
#include "toy_run.h"

namespace rind::training {
namespace {

namespace fs = std::filesystem;
using test_support::TemporaryFolder;

bool isPaused(const messages::Event& event) {
  const auto* state = std::get_if<messages::State>(&event);
  return state && state->state == "paused";
}

}  // namespace

TEST(Session, TrainsWritesTheRunFolderAndImproves) {
  const TemporaryFolder folder;
  EventRecord record;
  auto config = toyConfig();
  config.epochs = 6;
  Session session(toySetup(folder / "run", record, config));
  const SessionResult result = session.wait();
  EXPECT_EQ(result.reason, "finished") << result.text;
  EXPECT_EQ(result.steps, 18);
  EXPECT_GT(result.mean_dsc, 0.3);
  for (const char* file : {"run.json", "events.jsonl", "scores.csv", "checkpoints/best.weights",
                           "checkpoints/last.checkpoint", "previews/epoch_0006.nrrd"})
    EXPECT_TRUE(fs::exists(folder / "run" / file)) << file;
  const auto steps = record.of<messages::Step>();
  EXPECT_LT(steps.back().loss, steps.front().loss);
  EXPECT_EQ(record.of<messages::Epoch>().size(), 6U);
}

TEST(Session, TwoRunsOfOneSeedAreEqualBitForBit) {
  const TemporaryFolder folder;
  EventRecord record;
  for (const char* name : {"a", "b"}) Session(toySetup(folder / name, record)).wait();
  EXPECT_EQ(lastCheckpoint(folder / "a"), lastCheckpoint(folder / "b"));
}

TEST(Session, AStoppedAndResumedRunEqualsAnUninterruptedOneBitForBit) {
  const TemporaryFolder folder;
  EventRecord whole;
  Session(toySetup(folder / "whole", whole)).wait();
  {
    EventRecord record;
    Session session(toySetup(folder / "cut", record));
    record.waitFor(isStep);
    session.stop();
    const auto result = session.wait();
    ASSERT_EQ(result.reason, "stopped") << result.text;
  }
  EventRecord record;
  auto setup = toySetup(folder / "cut", record);
  setup.resume = true;
  const auto result = Session(std::move(setup)).wait();
  EXPECT_EQ(result.reason, "finished") << result.text;
  EXPECT_EQ(lastCheckpoint(folder / "whole"), lastCheckpoint(folder / "cut"));
}

/// Sums over other shares of the work differ in their last bits.
TEST(Session, AResumedRunUsesItsOwnNumberOfThreads) {
  const TemporaryFolder folder;
  auto config = toyConfig();
  config.threads = 3;
  {
    EventRecord record;
    Session session(toySetup(folder / "run", record, config));
    record.waitFor(isStep);
    session.stop();
    session.wait();
  }
  at::set_num_threads(1);
  EventRecord record;
  auto setup = toySetup(folder / "run", record);
  setup.resume = true;
  Session(std::move(setup)).wait();
  std::string running;
  for (const auto& state : record.of<messages::State>())
    if (state.state == "running") running = state.text;
  EXPECT_EQ(running, "3 processor threads, fp32");
}

TEST(Session, PauseHoldsUntilResumeAndChangesTakeEffectAtTheNextStep) {
  const TemporaryFolder folder;
  EventRecord record;
  Session session(toySetup(folder / "run", record));
  session.pause();
  record.waitFor(isPaused);
  const auto before = record.of<messages::Step>().size();
  const auto statesOnDisk = [&folder] {
    std::istringstream lines(core::readFile(folder / "run" / "events.jsonl"));
    std::vector<std::string> states;
    for (std::string line; std::getline(lines, line);)
      if (const auto event = nlohmann::json::parse(line); event["event"] == "state")
        states.push_back(event["state"]);
    return states;
  };
  EXPECT_EQ(statesOnDisk(), (std::vector<std::string>{"running", "paused"})) << "others see that it rests";
  session.change({{"lambda", 0.75}, {"loss", "cedl"}});
  session.resume();
  session.wait();
  EXPECT_EQ(statesOnDisk(), (std::vector<std::string>{"running", "paused", "running"}));
  const auto changes = record.of<messages::Parameters>();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].changes["lambda"], 0.75);
  EXPECT_EQ(changes[0].at.step, static_cast<std::int64_t>(before));
  EXPECT_EQ(record.of<messages::Step>().back().terms.at(0).first, "ce");
}

TEST(Session, WrongChangesAreRefusedAtOnce) {
  const TemporaryFolder folder;
  EventRecord record;
  Session session(toySetup(folder / "run", record));
  EXPECT_THROW(session.change({{"lambda", 2}}), core::InputError);
  EXPECT_THROW(session.change({{"kernel", 4}}), core::InputError);
  EXPECT_THROW(session.change({{"batch", 4}}), core::InputError);
  EXPECT_THROW(session.change({{"nonsense", 4}}), core::InputError);
}

TEST(Session, ARefusedResumeLeavesTheRecordAsItWas) {
  const TemporaryFolder folder;
  EventRecord record;
  Session(toySetup(folder / "run", record)).wait();
  const std::string before = core::readFile(folder / "run/events.jsonl");
  auto setup = toySetup(folder / "run", record);
  setup.resume = true;
  setup.changes = {{"network", "vnet"}};
  const auto result = Session(std::move(setup)).wait();
  EXPECT_EQ(result.reason, "failed");
  EXPECT_NE(result.text.find("--network"), std::string::npos) << result.text;
  EXPECT_EQ(core::readFile(folder / "run/events.jsonl"), before);
}

TEST(Session, AFailureToOpenTheDataLeavesNothingBehind) {
  const TemporaryFolder folder;
  EventRecord record;
  auto setup = toySetup(folder / "run", record);
  setup.open = [](const core::RunConfig&, const OpeningWatch&) -> TrainingData {
    throw core::InputError("case 7", "is broken", "mend it");
  };
  const auto result = Session(std::move(setup)).wait();
  EXPECT_EQ(result.reason, "failed");
  EXPECT_THROW(std::rethrow_exception(result.error), core::InputError);
  EXPECT_EQ(result.text, "case 7: is broken; mend it");
  EXPECT_FALSE(fs::exists(folder / "run"));
}

TEST(Session, AFolderHasOneTrainerAndAnOldRunIsNotOverwritten) {
  const TemporaryFolder folder;
  EventRecord record;
  Session first(toySetup(folder / "run", record));
  record.waitFor(isStep);
  EventRecord other;
  auto setup = toySetup(folder / "run", other);
  setup.resume = true;
  EXPECT_NE(Session(std::move(setup)).wait().text.find("is being trained"), std::string::npos);
  first.stop();
  first.wait();
  EXPECT_NE(Session(toySetup(folder / "run", other)).wait().text.find("already holds a run"),
            std::string::npos);
}

}  // namespace rind::training
