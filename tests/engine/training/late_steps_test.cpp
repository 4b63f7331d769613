// Steps that are not waited for, computed on the processor, beside those that are.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "rind/core/error.h"
#include "rind/core/settings.h"
#include "rind/test_support/temporary_folder.h"
#include "rind/training/checkpoint.h"
#include "rind/training/trainer.h"
#include "toy_run.h"
#include "watched_session.h"

namespace rind::training {
namespace {

using test_support::TemporaryFolder;

const networks::NetworkSettings kNetwork = {"unet", 1, 3, 2, {16, 16, 16}};

Compute late() {
  return {.late = true};
}

core::RunConfig with(const nlohmann::json& settings) {
  core::RunConfig config = toyConfig();
  core::applySettings(config, settings);
  return config;
}

std::vector<StepInput> someInputs(const core::RunConfig& config) {
  const TrainingData data = toyData();
  TargetMaker targets(*data.training, 3);
  sampling::PatchLoader loader(
      data.training, {{16, 16, 16}, {0, 0}, 2, 1, 1, {{0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}}});
  std::vector<StepInput> inputs;
  while (const auto batch = loader.next()) inputs.push_back({batch->image, targets.make(*batch, config)});
  return inputs;
}

std::string stateOf(Trainer& trainer) {
  Standing standing;
  standing.class_losses.resize(3);
  return copyState(trainer, standing).numbers;
}

void expectAlike(const StepResult& found, const StepResult& expected) {
  EXPECT_EQ(found.applied, expected.applied);
  EXPECT_EQ(found.loss.total, expected.loss.total);
  EXPECT_EQ(found.loss.terms, expected.loss.terms);
  EXPECT_EQ(found.gradient_norm, expected.gradient_norm);
}

}  // namespace

TEST(LateSteps, EqualThoseThatAreWaitedForBitForBitWhileTheNextIsBegun) {
  for (const nlohmann::json& settings :
       std::vector<nlohmann::json>{{{"loss", "cwcd"}},
                                   {{"loss", "dwce"}, {"optimiser", "adamw"}, {"deep-supervision", true}},
                                   {{"loss", "cedl"}, {"optimiser", "sgd"}, {"momentum", 0.9}}}) {
    SCOPED_TRACE(settings.dump());
    const auto config = with(settings);
    networks::NetworkSettings network = kNetwork;
    network.deep_supervision = config.deep_supervision;
    const auto inputs = someInputs(config);
    Trainer now(network, config, {}), later(network, config, late());
    ASSERT_TRUE(later.computesLate());
    ASSERT_FALSE(now.computesLate());
    std::vector<StepResult> expected, found;
    for (const auto& input : inputs) expected.push_back(now.step({input}, config, 1e-2));
    expected.push_back(now.step(inputs, config, 1e-2));
    for (std::size_t i = 0; i <= inputs.size(); ++i) {
      later.begin(i < inputs.size() ? std::vector{inputs[i]} : inputs, config, 1e-2);
      if (i > 0) found.push_back(later.finish());
    }
    found.push_back(later.finish());
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) expectAlike(found[i], expected[i]);
    EXPECT_TRUE(stateOf(later) == stateOf(now));
  }
}

TEST(LateSteps, ClipAndAverageAsThoseThatAreWaitedFor) {
  const auto config = with({{"clip", 0.01}, {"average", 0.9}, {"optimiser", "sgd"}, {"momentum", 0}});
  const auto inputs = someInputs(config);
  Trainer now(kNetwork, config, {}), later(kNetwork, config, late());
  for (std::int64_t step = 0; step < 3; ++step) {
    const std::vector<StepInput> input = {inputs[static_cast<std::size_t>(step)]};
    EXPECT_GT(now.step(input, config, 0.5, step).gradient_norm, 0.01);
    later.step(input, config, 0.5, step);
  }
  const auto expectNear = [](const std::vector<at::Tensor>& found, const std::vector<at::Tensor>& expected) {
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_LE((found[i] - expected[i]).abs().max().item<double>(), 1e-5);
  };
  expectNear(later.network()->parameters(), now.network()->parameters());
  expectNear(later.average()->parameters(), now.average()->parameters());
  expectNear(later.average()->buffers(), now.average()->buffers());
}

TEST(LateSteps, LeaveAllAsItWasWhereLossOrGradientAreNotFinite) {
  for (const std::string optimiser : {"adam", "adamw", "sgd"}) {
    SCOPED_TRACE(optimiser);
    const auto config = with({{"average", 0.9}, {"optimiser", optimiser}, {"clip", 1}});
    const auto inputs = someInputs(config);
    StepInput bad = inputs[0];
    bad.image = bad.image.clone();
    bad.image[0][0][3][4][5] = std::numeric_limits<float>::quiet_NaN();
    Trainer trainer(kNetwork, config, late());
    trainer.step({inputs[0]}, config, 1e-2, 0);
    const auto before = stateOf(trainer);
    const StepResult result = trainer.step({bad}, config, 1e-2, 1);
    EXPECT_FALSE(result.applied);
    EXPECT_TRUE(std::isnan(result.loss.total));
    EXPECT_TRUE(stateOf(trainer) == before);
    EXPECT_TRUE(trainer.step({inputs[1]}, config, 1e-2, 1).applied);
  }
}

TEST(LateSteps, AnInterruptedOneLeavesAllAsItWasAndTheOneBeforeFinished) {
  const auto config = toyConfig();
  const auto inputs = someInputs(config);
  Trainer whole(kNetwork, config, {}), cut(kNetwork, config, late());
  const StepResult first = whole.step({inputs[0]}, config, 1e-2);
  const StepResult second = whole.step({inputs[1]}, config, 1e-2);
  cut.begin({inputs[0]}, config, 1e-2);
  for (const int at : {1, 20, 35}) {
    int left = at;
    cut.cancelled = [&left] { return --left == 0; };
    EXPECT_THROW(cut.begin({inputs[1]}, config, 1e-2), core::Interrupted) << at;
  }
  cut.cancelled = {};
  cut.begin({inputs[1]}, config, 1e-2);
  expectAlike(cut.finish(), first);
  expectAlike(cut.finish(), second);
  EXPECT_TRUE(stateOf(cut) == stateOf(whole));
}

TEST(LateSteps, OfASessionAreRecordedWithTheSameNumbersChangesAndWeights) {
  const TemporaryFolder folder;
  std::vector<EventRecord> records(2);
  for (const bool late : {false, true}) {
    auto setup =
        toySetup(folder / (late ? "late" : "now"), records[late], with({{"batch", 1}, {"epochs", 3}}));
    setup.late = late;
    setup.replay = {{2, {{"lambda", 0.7}}}, {6, {{"lr", 0.02}}}, {9, {{"loss", "cedl"}}}};
    setup.open = [](const core::RunConfig&, const OpeningWatch&) {
      TrainingData data = toyData();
      data.training = toyCases(6, [](std::size_t index, std::vector<float>& image) {
        if (index == 4) image[1500] = std::numeric_limits<float>::quiet_NaN();
      });
      return data;
    };
    EXPECT_EQ(Session(std::move(setup)).wait().reason, "finished");
  }
  EXPECT_EQ(lastCheckpoint(folder / "late"), lastCheckpoint(folder / "now"));
  // Files are told of when they are written, in the writer's time.
  const auto told = [](const EventRecord& record) {
    std::vector<std::string> lines;
    for (const auto& event : record.all()) {
      std::string line;
      if (const auto* step = std::get_if<messages::Step>(&event))
        line = std::to_string(step->loss) + " " + std::to_string(step->learning_rate);
      if (const auto* epoch = std::get_if<messages::Epoch>(&event))
        line = std::to_string(epoch->loss) + " " + std::to_string(epoch->mean_dsc);
      if (const auto* warning = std::get_if<messages::Warning>(&event)) line = warning->text;
      if (const auto* changed = std::get_if<messages::Parameters>(&event)) line = changed->changes.dump();
      if (line.empty()) continue;
      const auto at = std::visit([](const auto& one) { return one.at; }, event);
      lines.push_back(std::to_string(at.step) + " " + std::to_string(at.epoch) + ": " + line);
    }
    return lines;
  };
  EXPECT_EQ(told(records[1]), told(records[0]));
}

}  // namespace rind::training
