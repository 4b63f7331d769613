#include "rind/training/memory_estimate.h"

#include <ATen/ops/rand.h>
#include <ATen/ops/randint.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <gtest/gtest.h>

#include "rind/messages/events.h"
#include "rind/networks/network.h"
#include "rind/test_support/temporary_folder.h"
#include "rind/training/allocation_count.h"
#include "rind/training/trainer.h"
#include "toy_run.h"

namespace rind::training {
namespace {

struct Shape {
  std::string network;
  int base_channels;
  core::Extent3 patch;
  int batch;
};

RunPlan planOf(const Shape& shape) {
  RunPlan plan;
  plan.patch = shape.patch;
  plan.model.network = {shape.network, 2, 5, shape.base_channels, shape.patch};
  plan.model.window = shape.patch;
  return plan;
}

/// What a trainer's first two steps hold at most, all counted.
double heldBySteps(const Shape& shape, const core::RunConfig& config, const Compute& compute) {
  const auto count = std::make_shared<AllocationCount>();
  const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, count);
  Trainer trainer(planOf(shape).model.network, config, compute);
  const auto& p = shape.patch;
  StepInput input;
  input.image = at::rand({shape.batch, 2, p.z, p.y, p.x});
  input.target.labels = at::randint(0, 5, {shape.batch, p.z, p.y, p.x}, at::kByte);
  input.target.band = at::randint(0, 2, {shape.batch, p.z, p.y, p.x}, at::kByte);
  for (int i = 0; i < 2; ++i) trainer.step({input}, config, 1e-4);
  return count->takeMost();
}

/// The batches that a loader holds and one step alone does not: two channels f32, labels, two depths.
double cutAhead(const Shape& shape) {
  return static_cast<double>(shape.patch.voxels()) * shape.batch * 11 * (sampling::PatchLoader::kAhead + 2);
}

/// What a pass of windows holds at most beyond the weights.
double heldByWindows(const Shape& shape, const Compute& compute) {
  const auto settings = planOf(shape).model.network;
  const auto network = networks::networkInfo(settings.name).make(settings);
  networks::preferChannelsLast(*network);
  network->eval();
  const auto count = std::make_shared<AllocationCount>();
  const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, count);
  const auto& p = shape.patch;
  const auto image = networks::channelsLast(at::rand({shape.batch, 2, p.z, p.y, p.x}));
  const at::NoGradGuard no_gradients;
  const Precision precision(compute);
  network->forward(image);
  return count->takeMost();
}

class MemoryEstimateTest : public testing::TestWithParam<Shape> {};

}  // namespace

TEST_P(MemoryEstimateTest, FollowsFromSmallPatchesWhatAWholeStepHolds) {
  const Shape shape = GetParam();
  core::RunConfig config;
  config.batch = shape.batch;
  for (const bool bf16 : {false, true}) {
    const Compute compute{c10::Device(c10::kCPU), bf16};
    const double held = heldBySteps(shape, config, compute);
    const double estimate = estimateMemory(planOf(shape), config, compute).step - cutAhead(shape);
    EXPECT_GT(estimate, 0.85 * held) << shape.network << (bf16 ? " bf16" : " fp32");
    EXPECT_LT(estimate, 1.25 * held) << shape.network << (bf16 ? " bf16" : " fp32");
  }
}

TEST_P(MemoryEstimateTest, FollowsFromSmallWindowsWhatAPredictionHolds) {
  const Shape shape = GetParam();
  for (const bool bf16 : {false, true}) {
    const Compute compute{c10::Device(c10::kCPU), bf16};
    const double held = heldByWindows(shape, compute);
    const double estimate = estimateWindows(planOf(shape).model.network, shape.patch, shape.batch, compute);
    EXPECT_GT(estimate, 0.85 * held) << shape.network << (bf16 ? " bf16" : " fp32");
    EXPECT_LT(estimate, 1.25 * held) << shape.network << (bf16 ? " bf16" : " fp32");
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, MemoryEstimateTest,
                         testing::Values(Shape{"unet", 8, {32, 48, 64}, 2}, Shape{"unet", 8, {1, 128, 96}, 1},
                                         Shape{"vnet", 2, {32, 48, 64}, 1},
                                         Shape{"deeplabv3", 8, {32, 48, 48}, 1},
                                         Shape{"unetr", 1, {32, 48, 64}, 1}),
                         [](const auto& one) { return one.param.network + "_" + std::to_string(one.index); });

TEST(MemoryEstimate, IsToldBeforeTheFirstStep) {
  const test_support::TemporaryFolder folder;
  EventRecord record;
  Session(toySetup(folder / "run", record)).wait();
  const auto started = record.of<messages::Started>().at(0);
  EXPECT_GT(started.memory_needed, 1e5);
  EXPECT_GT(started.memory_left, started.memory_needed);
  EXPECT_TRUE(record.of<messages::Warning>().empty());
}

}  // namespace rind::training
