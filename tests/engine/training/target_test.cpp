#include "rind/training/target.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "rind/contour/band.h"
#include "rind/contour/depth_map.h"
#include "rind/training/learning_rate.h"
#include "toy_run.h"

namespace rind::training {

TEST(TargetMaker, TheBandFollowsTheSettingsOfTheStep) {
  const TrainingData data = toyData();
  const auto size = data.training->open(0).size();
  sampling::PatchLoader loader(data.training, {size, {0, 0}, 1, 1, 1, {{0, 0}}});
  const auto batch = *loader.next();
  TargetMaker targets(*data.training, 3);
  core::RunConfig config = toyConfig();
  const auto prepared = data.training->open(0);
  for (const auto border : {core::Border::zero, core::Border::replicate})
    for (const int iterations : {1, 2}) {
      config.contour.border = border;
      config.contour.iterations = iterations;
      const auto depth = contour::depthMap(prepared.labels, 254, border);
      const auto band = targets.make(batch, config).band;
      for (std::int64_t i = 0; i < band.numel(); ++i)
        ASSERT_EQ(band.data_ptr<std::uint8_t>()[i], depth.voxels[static_cast<std::size_t>(i)] <= iterations);
    }
}

TEST(TargetMaker, AdaptiveThicknessComesFromTheWholeCase) {
  const TrainingData data = toyData();
  sampling::PatchLoader loader(data.training, {{4, 4, 4}, {0, 0}, 2, 1, 1, {{0, 0}, {1, 1}}});
  const auto batch = *loader.next();
  TargetMaker targets(*data.training, 3);
  core::RunConfig config = toyConfig();
  config.contour.iterations = 6;
  config.contour.border = core::Border::replicate;
  config.contour.adaptive = {core::AdaptiveRule::inradius, 0.5};  // boxes of 6x6x5: inradius 3, so 2 voxels
  const auto band = targets.make(batch, config).band;
  const at::Tensor expected = at::logical_and(batch.depth <= 2, batch.labels > 0);
  EXPECT_TRUE(at::equal(at::logical_and(band > 0, batch.labels > 0), expected));
}

TEST(LearningRate, IsHalvedWhereThePaperHalvesIt) {
  core::RunConfig config;
  config.learning_rate = 3e-4;
  EXPECT_DOUBLE_EQ(learningRate(config, 19.99 / 50), 3e-4);
  EXPECT_DOUBLE_EQ(learningRate(config, 20.0 / 50), 1.5e-4);
  EXPECT_DOUBLE_EQ(learningRate(config, 40.0 / 50), 0.75e-4);
  config.schedule = "cosine";
  EXPECT_NEAR(learningRate(config, 0.51), 1.5e-4, 1e-9);
  EXPECT_LT(learningRate(config, 0.999), 1e-8);
}

}  // namespace rind::training
