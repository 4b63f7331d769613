// What a person may choose beside the paper's protocol.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/generated/variable_factories.h>

#include <cmath>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/core/settings.h"
#include "rind/test_support/temporary_folder.h"
#include "rind/training/learning_rate.h"
#include "rind/training/tensorboard.h"
#include "rind/training/trainer.h"
#include "toy_run.h"

namespace rind::training {
namespace {

namespace fs = std::filesystem;
using test_support::TemporaryFolder;

/// The value of x after three steps on 0.5·a·x² with a = 1, 10, from x = 1, 1.
std::vector<float> minimised(const std::string& kind, const OptimiserStep& step) {
  at::Tensor x = at::ones({2}).requires_grad_();
  Optimiser optimiser(kind, {x});
  for (int i = 0; i < 3; ++i) {
    x.mutable_grad() = at::tensor({1.0F, 10.0F}) * x.detach();
    optimiser.step(step);
  }
  return {x[0].item<float>(), x[1].item<float>()};
}

void expectNear(const std::vector<float>& found, float first, float second) {
  EXPECT_NEAR(found[0], first, 2e-6);
  EXPECT_NEAR(found[1], second, 2e-6);
}

core::RunConfig withSettings(const nlohmann::json& settings) {
  core::RunConfig config = toyConfig();
  core::applySettings(config, settings);
  return config;
}

}  // namespace

// Computed with torch.optim of PyTorch 2.11 (python): Adam, AdamW, SGD(nesterov=True), lr 0.1, decay 0.01.
TEST(Optimiser, StepsAsPyTorchsDo) {
  expectNear(minimised("adam", {0.1, 0.01}), 0.7015862F, 0.7015862F);
  expectNear(minimised("adamw", {0.1, 0.01}), 0.6989112F, 0.6989112F);
  expectNear(minimised("sgd", {0.1, 0.01, 0.9}), 0.3218597F, -0.0008167024F);
}

TEST(LearningRate, PolynomialDecaysAndAWarmUpRises) {
  core::RunConfig config = withSettings({{"lr", 1.0}, {"schedule", "polynomial"}});
  EXPECT_DOUBLE_EQ(learningRate(config, 0), 1);
  EXPECT_NEAR(learningRate(config, 0.75), std::pow(0.25, 0.9), 1e-12);
  config.warm_up = 0.1;
  EXPECT_NEAR(learningRate(config, 0.05), 0.5, 1e-12);
  EXPECT_NEAR(learningRate(config, 0.1), 1, 1e-12);
  EXPECT_NEAR(learningRate(config, 0.55), std::pow(0.5, 0.9), 1e-12);
}

TEST(Average, ForgetsTheFirstWeightsSoonAndThenDecaysAsAsked) {
  EXPECT_DOUBLE_EQ(averageDecay(0.999, 0), 0.1);
  EXPECT_NEAR(averageDecay(0.999, 80), 0.9, 1e-12);
  EXPECT_DOUBLE_EQ(averageDecay(0.999, 100000), 0.999);
  double first = 1;  // the share of the first weights
  for (int step = 0; step < 80; ++step) first *= averageDecay(0.99, step);
  EXPECT_LT(first, 1e-6);
}

TEST(Options, EachTrainsAndResumesBitForBit) {
  for (const nlohmann::json& settings :
       {nlohmann::json{{"optimiser", "sgd"}, {"lr", 0.05}, {"momentum", 0.9}, {"clip", 0.5}},
        nlohmann::json{{"optimiser", "adamw"}, {"average", 0.5}, {"batch", 1}, {"accumulate", 2}},
        nlohmann::json{{"deep-supervision", true}}}) {
    const TemporaryFolder folder;
    EventRecord whole, cut, rest;
    const auto config = withSettings(settings);
    const auto result = Session(toySetup(folder / "whole", whole, config)).wait();
    ASSERT_EQ(result.reason, "finished") << result.text;
    EXPECT_LT(whole.of<messages::Step>().back().loss, whole.of<messages::Step>().front().loss) << settings;
    {
      Session session(toySetup(folder / "cut", cut, config));
      cut.waitFor(isStep, 2);
      session.stop();
      session.wait();
    }
    auto setup = toySetup(folder / "cut", rest, config);
    setup.resume = true;
    EXPECT_EQ(Session(std::move(setup)).wait().reason, "finished");
    EXPECT_EQ(lastCheckpoint(folder / "whole"), lastCheckpoint(folder / "cut")) << settings;
  }
}

TEST(Options, AccumulatedBatchesAreTheSameTrainingUpToBatchStatistics) {
  const networks::NetworkSettings network = {"vnet", 1, 3, 2, {16, 16, 16}};
  const TrainingData data = toyData();
  const auto config = withSettings({{"loss", "ce"}});
  TargetMaker targets(*data.training, 3);
  const auto norm = [&](int batch) {
    sampling::PatchLoader::Plan plan{{16, 16, 16}, {0, 0}, batch, 1, 1, {{0, 0}, {1, 1}}};
    sampling::PatchLoader loader(data.training, plan);
    std::vector<StepInput> inputs;
    while (const auto made = loader.next()) inputs.push_back({made->image, targets.make(*made, config)});
    return Trainer(network, config, {}).step(inputs, config, 1e-3);
  };
  const auto together = norm(2), apart = norm(1);
  EXPECT_NEAR(together.loss.total, apart.loss.total, 0.1 * together.loss.total);
  EXPECT_NEAR(together.gradient_norm, apart.gradient_norm, 0.5 * together.gradient_norm);
}

TEST(Options, DeepSupervisionTrainsTheCoarserLevelsAtHalfAndAQuarterOfTheWeight) {
  networks::NetworkSettings network = {"unet", 1, 3, 2, {32, 32, 32}};
  network.deep_supervision = true;
  const auto config = withSettings({{"loss", "ce"}});
  const at::Tensor image = at::sin(at::arange(32 * 32 * 32, at::kFloat)).view({1, 1, 32, 32, 32});
  StepInput input{image, {}};
  input.target.labels = (image.squeeze(1) > 0).to(at::kByte) + (image.squeeze(1) > 0.7).to(at::kByte);
  input.target.band = at::zeros_like(input.target.labels);
  Trainer trainer(network, config, {});
  const auto own = networks::makeNetwork(network, config.seed);
  networks::preferChannelsLast(*own);
  const auto logits = own->forwardScales(image);
  ASSERT_EQ(logits.size(), 3U);
  at::Tensor loss = at::zeros({});
  for (int scale = 0; scale < 3; ++scale) {
    const int step = 1 << scale;
    at::Tensor labels = input.target.labels.to(at::kLong);
    for (int axis = 1; axis < 4; ++axis) labels = labels.slice(axis, 0, std::nullopt, step);
    loss = loss + at::cross_entropy_loss(logits[static_cast<std::size_t>(scale)], labels) * (4.0 / 7 / step);
  }
  loss.backward();
  std::vector<at::Tensor> norms;
  for (const auto& parameter : own->parameters()) norms.push_back(parameter.grad().norm());
  const double expected = at::stack(norms).norm().item<double>();
  const StepResult result = trainer.step({input}, config, 1e-3);
  EXPECT_NEAR(result.gradient_norm, expected, 1e-4 * expected);
  EXPECT_NEAR(result.loss.total,
              at::cross_entropy_loss(logits[0].detach(), input.target.labels.to(at::kLong)).item<double>(),
              1e-5);
}

TEST(Options, AClippedGradientMovesSgdByNoMoreThanRateTimesClip) {
  const networks::NetworkSettings network = {"unet", 1, 3, 2, {16, 16, 16}};
  const TrainingData data = toyData();
  const auto config = withSettings({{"optimiser", "sgd"}, {"momentum", 0}, {"clip", 0.01}});
  sampling::PatchLoader loader(data.training, {{16, 16, 16}, {0, 0}, 1, 1, 1, {{0, 0}}});
  const auto batch = *loader.next();
  Trainer trainer(network, config, {});
  std::vector<at::Tensor> before;
  for (const auto& p : trainer.network()->parameters()) before.push_back(p.detach().clone());
  const auto result =
      trainer.step({{batch.image, TargetMaker(*data.training, 3).make(batch, config)}}, config, 1);
  ASSERT_GT(result.gradient_norm, 0.01);
  double moved = 0;
  const auto after = trainer.network()->parameters();
  for (std::size_t i = 0; i < after.size(); ++i)
    moved += (after[i].detach() - before[i]).square().sum().item<double>();
  EXPECT_NEAR(std::sqrt(moved), 0.01, 1e-5);
}

TEST(Options, AStepThatIsInterruptedLeavesAllAsItWas) {
  const networks::NetworkSettings network = {"unet", 1, 3, 2, {16, 16, 16}};
  const TrainingData data = toyData();
  const auto config = toyConfig();
  sampling::PatchLoader loader(data.training, {{16, 16, 16}, {0, 0}, 1, 1, 1, {{0, 0}}});
  const auto batch = *loader.next();
  const std::vector<StepInput> input = {{batch.image, TargetMaker(*data.training, 3).make(batch, config)}};
  Trainer whole(network, config, {}), cut(network, config, {});
  int asked = 0;
  whole.cancelled = [&asked] { return ++asked > 1000; };
  whole.step(input, config, 1e-2);
  const int questions = asked;
  EXPECT_GT(questions, 30) << "every convolution asks, forwards and backwards";
  for (const int at : {1, questions / 2, questions}) {
    int left = at;
    cut.cancelled = [&left] { return --left == 0; };
    EXPECT_THROW(cut.step(input, config, 1e-2), core::Interrupted) << at << " of " << questions;
  }
  cut.cancelled = {};
  cut.step(input, config, 1e-2);
  const auto expected = whole.network()->parameters(), found = cut.network()->parameters();
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_TRUE(at::equal(expected[i], found[i]));
  const auto statistics = whole.network()->buffers(), kept = cut.network()->buffers();
  for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_TRUE(at::equal(statistics[i], kept[i]));
}

TEST(Options, TrainingEndsAfterEpochsWithoutABetterScore) {
  const TemporaryFolder folder;
  EventRecord record;
  const auto config = withSettings({{"epochs", 30}, {"patience", 2}, {"lr", 1e-9}});
  const auto result = Session(toySetup(folder / "run", record, config)).wait();
  EXPECT_EQ(result.reason, "finished");
  EXPECT_EQ(record.of<messages::Epoch>().back().at.epoch, result.best_epoch + 2);
}

TEST(Options, AReplayMakesTheSameChangesAtTheSameStepsAndTheSameWeights) {
  const TemporaryFolder folder;
  EventRecord record;
  {
    Session session(toySetup(folder / "run", record));
    record.waitFor(isStep, 2);
    session.change({{"lambda", 0.9}, {"lr", 3e-3}});
    record.waitFor(isStep, 4);
    session.change({{"flip", 0.9}, {"epochs", 3}});
    session.wait();
  }
  ASSERT_EQ(record.of<messages::Parameters>().size(), 2U);
  EventRecord again;
  auto setup = toySetup(folder / "again", again);
  setup.replay = recordedChanges(folder / "run/events.jsonl");
  EXPECT_EQ(Session(std::move(setup)).wait().reason, "finished");
  EXPECT_EQ(lastCheckpoint(folder / "run"), lastCheckpoint(folder / "again"));
  EventRecord without;
  Session(toySetup(folder / "without", without)).wait();
  EXPECT_NE(lastCheckpoint(folder / "run"), lastCheckpoint(folder / "without"));
  EXPECT_THROW(recordedChanges(folder / "run/run.json"), core::InputError);
}

TEST(TensorBoard, RecordsCarryTheChecksumsThatItsReaderAsksFor) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);  // the check value of CRC-32C
  const TemporaryFolder folder;
  EventRecord record;
  const auto config = withSettings({{"tensorboard", true}});
  Session(toySetup(folder / "run", record, config)).wait();
  std::string bytes;
  for (const auto& file : fs::directory_iterator(folder / "run/tensorboard"))
    bytes += core::readFile(file.path());
  EXPECT_NE(bytes.find("brain.Event:2"), std::string::npos);
  std::size_t losses = 0;
  for (std::size_t at = 0; (at = bytes.find("step/loss", at)) != std::string::npos; ++at) ++losses;
  EXPECT_EQ(losses, record.of<messages::Step>().size());
  EXPECT_NE(bytes.find("epoch/dsc/left box"), std::string::npos);
}

TEST(Preset, RecommendedSetsTheRecipeAndWhatIsGivenBesideItWins) {
  const auto config = withSettings({{"preset", "recommended"}, {"batch", 3}});
  EXPECT_EQ(config.loss.kind, core::LossKind::cedl);
  EXPECT_EQ(config.batch, 3);
  EXPECT_EQ(config.schedule, "cosine");
  EXPECT_DOUBLE_EQ(config.learning_rate, 2e-3);
  EXPECT_DOUBLE_EQ(withSettings({{"preset", "authors"}}).weight_decay, 5e-4);
  EXPECT_EQ(nlohmann::json(config).get<core::RunConfig>(), config);
}

}  // namespace rind::training
