// What a resumed run does of what the one before did, and what it may change.
#include <gtest/gtest.h>

#include <map>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/test_support/temporary_folder.h"
#include "toy_run.h"
#include "watched_session.h"

namespace rind::training {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test_support::TemporaryFolder;

class Resuming : public ::testing::Test {
 protected:
  SessionSetup resumed(const std::string& name, json changes = json::object()) {
    auto setup = toySetup(folder_ / name, record_);
    setup.resume = true;
    setup.changes = std::move(changes);
    return setup;
  }
  void train(const std::string& name, const core::RunConfig& config = toyConfig()) {
    EventRecord record;
    const auto result = Session(toySetup(folder_ / name, record, config)).wait();
    ASSERT_EQ(result.reason, "finished") << result.text;
  }
  std::map<std::string, std::string> checkpoints(const std::string& name) const {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_ / name / "checkpoints"))
      found[entry.path().filename().string()] =
          entry.is_directory() ? "a folder" : core::readFile(entry.path());
    return found;
  }
  void damage(const std::string& file) const {
    std::string bytes = core::readFile(folder_ / file);
    bytes[bytes.size() / 2] ^= 1;
    core::writeFileWhole(folder_ / file, bytes);
  }
  /// The run as a kill leaves it whose last checkpoint was the epoch's before the last.
  void cutOff(const std::string& name) const {
    fs::remove(folder_ / name / "checkpoints/last.checkpoint");
    fs::remove(folder_ / name / "checkpoints/epoch.checkpoint");
  }
  void expectRefused(SessionSetup setup, const std::string& words) {
    const auto result = Session(std::move(setup)).wait();
    EXPECT_EQ(result.reason, "failed");
    EXPECT_NE(result.text.find(words), std::string::npos) << result.text;
  }
  static core::RunConfig withSteps(std::int64_t steps, int epochs = 50) {
    auto config = toyConfig();
    config.steps = steps;
    config.epochs = epochs;
    return config;
  }

  TemporaryFolder folder_;
  EventRecord record_;
};

}  // namespace

TEST_F(Resuming, OtherClassesAreRefusedAndEveryCheckpointStays) {
  train("run");
  const auto before = checkpoints("run");
  auto setup = resumed("run");
  setup.open = [](const core::RunConfig&, const OpeningWatch&) {
    TrainingData data = toyData();
    data.labels = core::makeLabelSet({{0, "background"}, {1, "left"}, {2, "right"}, {3, "more"}});
    return data;
  };
  expectRefused(std::move(setup), "last.checkpoint: its weights are those of another network");
  EXPECT_EQ(checkpoints("run"), before);
}

TEST_F(Resuming, ACheckpointThatCannotBeReadIsNotTakenForADamagedOne) {
  train("run");
  fs::remove(folder_ / "run/checkpoints/last.checkpoint");
  fs::create_directory(folder_ / "run/checkpoints/last.checkpoint");  // the read fails, even as root
  const auto before = checkpoints("run");
  expectRefused(resumed("run"), "last.checkpoint: cannot be read");
  EXPECT_EQ(checkpoints("run"), before);
}

TEST_F(Resuming, EveryDamagedCheckpointIsKeptByANameOfItsOwn) {
  train("run");
  damage("run/checkpoints/last.checkpoint");
  damage("run/checkpoints/previous.checkpoint");
  const auto before = checkpoints("run");
  EXPECT_EQ(Session(resumed("run")).wait().reason, "finished") << "epoch.checkpoint is good";
  const auto after = checkpoints("run");
  EXPECT_EQ(after.at("damaged.checkpoint"), before.at("last.checkpoint"));
  EXPECT_EQ(after.at("damaged-2.checkpoint"), before.at("previous.checkpoint"));
}

TEST_F(Resuming, AStopInTheLastValidationIsMadeGood) {
  train("whole", withSteps(4));
  EventRecord cut;
  WatchedSession session(toySetup(folder_ / "cut", cut, withSteps(4)),
                         afterStep(4, [](Session& running) { running.stop(); }));
  ASSERT_EQ(session.wait().reason, "stopped");
  ASSERT_EQ(cut.of<messages::Epoch>().size(), 1U);
  EXPECT_EQ(Session(resumed("cut")).wait().reason, "finished");
  ASSERT_EQ(record_.of<messages::Epoch>().size(), 1U) << "the second epoch is validated";
  EXPECT_EQ(record_.of<messages::Epoch>()[0].at.epoch, 2);
  EXPECT_EQ(lastCheckpoint(folder_ / "cut"), lastCheckpoint(folder_ / "whole"));
}

TEST_F(Resuming, StepsCountWhateverTheEpochsAre) {
  EventRecord record;
  const auto result = Session(toySetup(folder_ / "run", record, withSteps(7, 1))).wait();
  EXPECT_EQ(result.reason, "finished") << result.text;
  EXPECT_EQ(result.steps, 7);
  EXPECT_EQ(record.of<messages::Started>().at(0).epochs, 3) << "of three steps each";
  EXPECT_DOUBLE_EQ(record.of<messages::Step>().back().learning_rate, 0.25e-2) << "the schedule is as long";
}

TEST_F(Resuming, ChangesAfterTheLastCheckpointAreMadeAgain) {
  train("without");
  EventRecord whole;
  WatchedSession session(toySetup(folder_ / "whole", whole), afterStep(4, [](Session& running) {
                           running.change({{"lambda", 0.9}, {"lr", 3e-3}});
                         }));
  ASSERT_EQ(session.wait().reason, "finished");
  fs::copy(folder_ / "whole", folder_ / "cut", fs::copy_options::recursive);
  cutOff("cut");
  EXPECT_EQ(Session(resumed("cut")).wait().reason, "finished");
  EXPECT_EQ(record_.of<messages::Started>().at(0).resumed_from, 3);
  EXPECT_EQ(record_.of<messages::Parameters>().at(0).at.step, 4);
  EXPECT_EQ(lastCheckpoint(folder_ / "cut"), lastCheckpoint(folder_ / "whole"));
  EXPECT_NE(lastCheckpoint(folder_ / "cut"), lastCheckpoint(folder_ / "without"));
  EXPECT_EQ(recordedChanges(folder_ / "cut/events.jsonl"), recordedChanges(folder_ / "whole/events.jsonl"));
}

TEST_F(Resuming, WhatIsGivenNowOverrulesChangesThatWouldBeMadeAgain) {
  EventRecord whole;
  WatchedSession session(toySetup(folder_ / "run", whole), afterStep(4, [](Session& running) {
                           running.change({{"lr", 3e-3}});
                         }));
  ASSERT_EQ(session.wait().reason, "finished");
  cutOff("run");
  EXPECT_EQ(Session(resumed("run", {{"lr", 7e-3}, {"schedule", "paper"}})).wait().reason, "finished");
  for (const auto& step : record_.of<messages::Step>())
    EXPECT_NEAR(step.learning_rate, step.at.step < 6 ? 3.5e-3 : 1.75e-3, 1e-9) << step.at.step;
}

TEST_F(Resuming, ARunMayHaveMovedAndRemembersIt) {
  train("run");
  std::vector<std::string> opened;
  const auto open = [&opened](const core::RunConfig& config, const OpeningWatch&) {
    opened.push_back(config.data);
    return toyData();
  };
  auto setup = resumed("run", {{"data", "moved"}, {"threads", 2}, {"precision", "fp32"}, {"epochs", 3}});
  setup.open = open;
  const auto result = Session(std::move(setup)).wait();
  EXPECT_EQ(result.reason, "finished") << result.text;
  setup = resumed("run", {{"epochs", 4}});
  setup.open = open;
  EXPECT_EQ(Session(std::move(setup)).wait().reason, "finished");
  EXPECT_EQ(opened, (std::vector<std::string>{"moved", "moved"}));
  EXPECT_EQ(record_.of<messages::Started>().back().config["threads"], 2);
  expectRefused(resumed("run", {{"base-channels", 4}}), "--base-channels");
}

TEST_F(Resuming, ItsOwnDescriptionIsNoOtherSplit) {
  const auto open = [](const core::RunConfig&, const OpeningWatch&) {
    TrainingData data = toyData();
    data.description["split"] = {{"training", json::array()}, {"validation", json::array()}};
    return data;
  };
  EventRecord record;
  auto setup = toySetup(folder_ / "run", record);
  setup.open = open;
  ASSERT_EQ(Session(std::move(setup)).wait().reason, "finished");
  json settings = json::parse(core::readFile(folder_ / "run/run.json")).at("config");
  settings["epochs"] = 3;
  setup = resumed("run", settings);
  setup.open = open;
  const auto result = Session(std::move(setup)).wait();
  EXPECT_EQ(result.reason, "finished") << result.text;
  settings["split"] = "other.json";
  setup = resumed("run", settings);
  setup.open = open;
  expectRefused(std::move(setup), "--split");
}

}  // namespace rind::training
