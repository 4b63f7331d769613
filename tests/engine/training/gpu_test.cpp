// What a training does on a GPU, beside what it does on the processor. tools/gpu-check runs these; without
// RIND_TEST_DEVICE=cuda they are skipped.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "rind/core/settings.h"
#include "rind/exporting/loaded_model.h"
#include "rind/test_support/temporary_folder.h"
#include "rind/training/checkpoint.h"
#include "rind/training/memory_need.h"
#include "toy_run.h"

namespace rind::training {
namespace {

using test_support::TemporaryFolder;

/// cuDNN takes float32 convolutions in TF32, which keeps as many bits as float16 (10); bfloat16 keeps 7.
double toleranceOf(const std::string& precision) {
  return precision == "fp32" ? 1e-2 : 4e-2;
}

class Gpu : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testDevice().starts_with("cuda")) GTEST_SKIP() << "only tools/gpu-check asks for a GPU";
    ASSERT_EQ(loadGpuHalf(), "") << "the GPU half could not be loaded";
    ASSERT_TRUE(chooseCompute(testDevice(), "fp32").device.is_cuda());
  }
};

/// Large enough that a batch normalisation of the deepest level has more than two values to go by.
constexpr core::Extent3 kPatch = {32, 32, 32};

core::RunConfig configOn(const std::string& device, const nlohmann::json& settings = {}) {
  core::RunConfig config = toyConfig();
  config.device = device;
  if (!settings.is_null()) core::applySettings(config, settings);
  return config;
}

struct Trained {
  SessionResult result;
  std::vector<messages::Step> steps;
  std::vector<messages::State> states;
};

Trained trained(SessionSetup setup, EventRecord& record) {
  Trained done;
  done.result = Session(std::move(setup)).wait();
  EXPECT_EQ(done.result.reason, "finished") << done.result.text;
  done.steps = record.of<messages::Step>();
  done.states = record.of<messages::State>();
  return done;
}

Trained trained(const std::filesystem::path& folder, const core::RunConfig& config) {
  EventRecord record;
  return trained(toySetup(folder, record, config), record);
}

std::vector<StepInput> toyBatch(const core::RunConfig& config) {
  const TrainingData data = toyData();
  sampling::PatchLoader loader(data.training, {kPatch, {0, 0}, 2, 1, 1, {{0, 0}, {1, 1}}});
  const auto batch = *loader.next();
  return {{batch.image, TargetMaker(*data.training, 3).make(batch, config)}};
}

double largestDifference(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kCPU) - b.to(at::kCPU)).abs().max().item<double>();
}

/// The largest difference of the losses of the same steps.
double apart(const std::vector<messages::Step>& a, const std::vector<messages::Step>& b) {
  EXPECT_EQ(a.size(), b.size());
  double most = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    most = std::max(most, std::abs(a[i].loss - b[i].loss));
  return most;
}

}  // namespace

TEST_F(Gpu, AutoTakesItThoughTheProcessorWasTrainedOnBefore) {
  const auto config = configOn("cpu");
  const networks::NetworkSettings network = {"unet", 1, 3, 2, kPatch};
  Trainer(network, config, chooseCompute("cpu", "fp32")).step(toyBatch(config), config, 1e-3);
  const Compute compute = chooseCompute("auto", "auto");
  EXPECT_TRUE(compute.device.is_cuda());
  EXPECT_EQ(describe(compute), std::string("GPU 0, ") + (compute.bf16 ? "bf16" : "fp32"));
}

TEST_F(Gpu, ATrainingBeginsWithTheProcessorsLossAndImproves) {
  const TemporaryFolder folder;
  const double expected = trained(folder / "cpu", configOn("cpu")).steps.at(0).loss;
  for (const std::string precision : {"fp32", "bf16"}) {
    SCOPED_TRACE(precision);
    const auto run =
        trained(folder / precision, configOn(testDevice(), {{"precision", precision}, {"epochs", 6}}));
    ASSERT_EQ(run.steps.size(), 18U);
    EXPECT_NEAR(run.steps.front().loss, expected, toleranceOf(precision) * expected);
    EXPECT_LT(run.steps.back().loss, run.steps.front().loss);
    EXPECT_GT(run.result.mean_dsc, 0.3);
    const auto said = [](const messages::State& state) {
      return state.state == "running" && state.text.starts_with("GPU ");
    };
    EXPECT_TRUE(std::any_of(run.states.begin(), run.states.end(), said));
  }
}

TEST_F(Gpu, EveryNetworkStepsAndPredictsAsOnTheProcessor) {
  for (const auto& info : networks::networkTable()) {
    for (const std::string precision : {"fp32", "bf16"}) {
      SCOPED_TRACE(info.name + " " + precision);
      const auto config = configOn("cpu");
      networks::NetworkSettings network = {info.name, 1, 3, 4, kPatch};
      network.deep_supervision = info.deep_supervision;
      Trainer there(network, config, chooseCompute(testDevice(), precision));
      Trainer here(network, config, chooseCompute("cpu", "fp32"));
      const auto batch = toyBatch(config);
      const at::Tensor predicted = there.predict(batch[0].image), expected = here.predict(batch[0].image);
      EXPECT_TRUE(predicted.is_cpu());
      EXPECT_LE(largestDifference(predicted, expected),
                toleranceOf(precision) * expected.abs().max().item<double>());
      const StepResult found = there.step(batch, config, 1e-3), exact = here.step(batch, config, 1e-3);
      EXPECT_TRUE(found.applied);
      EXPECT_NEAR(found.loss.total, exact.loss.total, toleranceOf(precision) * exact.loss.total);
      EXPECT_NEAR(found.gradient_norm, exact.gradient_norm, 3 * toleranceOf(precision) * exact.gradient_norm);
    }
  }
}

TEST_F(Gpu, EveryLossStepsAsOnTheProcessor) {
  const networks::NetworkSettings network = {"unet", 1, 3, 4, kPatch};
  for (const auto kind : core::allLossKinds()) {
    SCOPED_TRACE(core::toString(kind));
    auto config = configOn("cpu");
    config.loss.kind = kind;
    const auto batch = toyBatch(config);
    Trainer there(network, config, chooseCompute(testDevice(), "fp32"));
    Trainer here(network, config, chooseCompute("cpu", "fp32"));
    const StepResult found = there.step(batch, config, 1e-3), exact = here.step(batch, config, 1e-3);
    EXPECT_NEAR(found.loss.total, exact.loss.total, 1e-2 * std::abs(exact.loss.total));
    EXPECT_NEAR(found.gradient_norm, exact.gradient_norm, 3e-2 * exact.gradient_norm);
  }
}

/// A GPU adds in an order of its own, so two runs may differ; one that was stopped between differs no more.
TEST_F(Gpu, AResumedRunDiffersNoMoreThanTwoUninterruptedOnes) {
  const TemporaryFolder folder;
  const auto config = configOn(testDevice(), {{"average", 0.5}, {"epochs", 3}});
  const auto first = trained(folder / "first", config), second = trained(folder / "second", config);
  EventRecord cut;
  {
    Session session(toySetup(folder / "cut", cut, config));
    cut.waitFor(isStep, 2);
    session.stop();
    ASSERT_EQ(session.wait().reason, "stopped");
  }
  EventRecord rest;
  auto setup = toySetup(folder / "cut", rest, config);
  setup.resume = true;
  auto steps = cut.of<messages::Step>();
  ASSERT_LT(steps.size(), first.steps.size());
  const auto resumed = trained(std::move(setup), rest);
  steps.insert(steps.end(), resumed.steps.begin(), resumed.steps.end());
  EXPECT_LE(apart(first.steps, steps), 3 * apart(first.steps, second.steps) + 1e-3);
}

TEST_F(Gpu, ACheckpointComesBackBitForBitOnEitherDevice) {
  const TemporaryFolder folder;
  const auto config = configOn("cpu", {{"average", 0.5}});
  const networks::NetworkSettings network = {"unet", 1, 3, 2, kPatch};
  const auto batch = toyBatch(config);
  Trainer trainer(network, config, chooseCompute(testDevice(), "fp32"));
  for (int step = 0; step < 3; ++step) trainer.step(batch, config, 1e-2, step);
  Standing standing;
  standing.step = 3;
  standing.class_losses.resize(3);
  const auto state = copyState(trainer, standing);
  std::filesystem::create_directories(folder / "run/checkpoints");
  writeCheckpoint(folder / "run", state, false);
  for (const std::string& device : {testDevice(), std::string("cpu")}) {
    SCOPED_TRACE(device);
    Trainer other(network, configOn("cpu", {{"average", 0.5}, {"seed", 77}}), chooseCompute(device, "fp32"));
    const Restored restored = loadCheckpoint(folder / "run", other, 3);
    EXPECT_EQ(restored.standing.step, 3);
    EXPECT_TRUE(copyState(other, restored.standing).numbers == state.numbers);
    EXPECT_TRUE(other.step(batch, config, 1e-2, 3).applied);
  }
}

TEST_F(Gpu, ARunPredictsThereAsOnTheProcessor) {
  const TemporaryFolder folder;
  trained(folder / "run", configOn(testDevice()));
  const at::Tensor image = toyBatch(configOn("cpu"))[0].image;
  const auto here = exporting::loadModel(folder / "run");
  const auto there = exporting::loadModel(folder / "run", chooseCompute(testDevice(), "fp32").device);
  const at::Tensor expected = here.forward(image);
  for (const std::string precision : {"fp32", "bf16"}) {
    const Precision scope(chooseCompute(testDevice(), precision));
    EXPECT_LE(largestDifference(there.forward(image).to(at::kFloat), expected),
              toleranceOf(precision) * expected.abs().max().item<double>())
        << precision;
  }
}

TEST_F(Gpu, ATrainingGivesItsNetworkToTheProcessorWhileItIsPaused) {
  const TemporaryFolder folder;
  EventRecord record;
  Session session(toySetup(folder / "run", record, configOn(testDevice(), {{"epochs", 500}})));
  record.waitFor(isStep, 2);
  session.pause();
  const Snapshot snapshot = session.snapshot().get();
  for (const auto& parameter : snapshot.network->parameters()) EXPECT_TRUE(parameter.is_cpu());
  const at::NoGradGuard no_gradients;
  const at::Tensor logits = snapshot.network->forward(toyBatch(configOn("cpu"))[0].image);
  EXPECT_TRUE(at::isfinite(logits).all().item<bool>());
  session.stop();
  EXPECT_EQ(session.wait().reason, "stopped");
}

/// In a thread of its own, whose stream can be recorded.
TEST_F(Gpu, StepsLaunchedAsAGraphAreTheStepsWithoutIt) {
  const networks::NetworkSettings network = {"unet", 1, 3, 4, kPatch};
  for (const std::string precision : {"fp32", "bf16"}) {
    SCOPED_TRACE(precision);
    std::thread([&] {
      const Compute compute = chooseCompute(testDevice(), precision);
      useOwnStream(compute);
      Compute waited = compute;
      waited.late = false;
      auto config = configOn("cpu", {{"average", 0.9}});
      const auto batch = toyBatch(config);
      Trainer graph(network, config, compute), plain(network, config, waited);
      ASSERT_TRUE(graph.computesLate());
      std::vector<StepResult> found, expected;
      for (int step = 0; step < 12; ++step) {
        if (step == 8) core::applySettings(config, {{"loss", "cedl"}});  // while it launches the graph
        expected.push_back(plain.step(batch, config, 1e-3, step));
        graph.begin(batch, config, 1e-3, step);
        if (step > 0) found.push_back(graph.finish());
      }
      found.push_back(graph.finish());
      EXPECT_TRUE(graph.launchesGraphs());
      for (std::size_t step = 0; step < found.size(); ++step) {
        EXPECT_TRUE(found[step].applied);
        EXPECT_NEAR(found[step].loss.total, expected[step].loss.total,
                    toleranceOf(precision) * std::abs(expected[step].loss.total))
            << step;
      }
      auto bad = batch;
      bad[0].image = bad[0].image.clone();
      bad[0].image[0][0][3][4][5] = std::nanf("");
      Standing standing;
      standing.class_losses.resize(3);
      const auto before = copyState(graph, standing);
      EXPECT_FALSE(graph.step(bad, config, 1e-3, 12).applied);
      EXPECT_TRUE(copyState(graph, standing).numbers == before.numbers);
      EXPECT_TRUE(graph.step(batch, config, 1e-3, 12).applied);
    }).join();
  }
}

TEST_F(Gpu, ItsExhaustedMemoryIsKnownAsSuch) {
  std::exception_ptr error;
  try {
    at::empty({std::int64_t{1} << 46}, at::TensorOptions(at::kByte).device(at::kCUDA));
  } catch (...) {
    error = std::current_exception();
  }
  ASSERT_TRUE(error);
  EXPECT_TRUE(isOutOfMemory(error)) << messageOf(error);
}

}  // namespace rind::training
