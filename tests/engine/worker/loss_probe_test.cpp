#include "rind/worker/loss_probe.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <numeric>

#include "rind/contour/depth_map.h"
#include "rind/core/npy.h"
#include "rind/losses/array_loss.h"
#include "toy_run.h"

namespace rind::worker {
namespace {

core::RunConfig someSettings() {
  core::RunConfig config;
  config.contour.iterations = 2;
  config.contour.border = core::Border::zero;
  config.contour.include_background = true;
  config.loss.lambda = 0.3;
  config.loss.alpha = 1.5;
  return config;
}

/// Logits that are whatever they are, but not symmetrical.
at::Tensor someLogits(const core::Extent3& size) {
  return at::sin(at::arange(3 * size.voxels(), at::kFloat) * 0.37).view({1, 3, size.z, size.y, size.x}) * 2;
}

contour::DepthHistogram depthsOf(const core::PreparedCase& prepared, core::Border border) {
  return contour::depthHistogram(prepared.labels, contour::depthMap(prepared.labels, 254, border), 3);
}

core::NpyArray arrayOf(const char* type, const std::vector<std::int64_t>& shape, const void* data,
                       std::size_t bytes) {
  const auto* first = static_cast<const std::byte*>(data);
  return {type, shape, {first, first + bytes}};
}

}  // namespace

TEST(RegionAround, IsTheWholeCaseWhereTheWindowHoldsIt) {
  const Region region = regionAround({3, 40, 2}, {10, 50, 20}, {16, 64, 64});
  EXPECT_EQ(region, (Region{{0, 0, 0}, {10, 50, 20}}));
}

TEST(RegionAround, StaysInsideAndHoldsItsCentre) {
  for (const std::int64_t at : {0, 17, 63, 99}) {
    const Region region = regionAround({at, at, at}, {100, 100, 100}, {32, 32, 32});
    EXPECT_EQ(region.size, (core::Extent3{32, 32, 32}));
    EXPECT_GE(region.start.z, 0);
    EXPECT_LE(region.start.z + 32, 100);
    EXPECT_LE(region.start.z, at);
    EXPECT_GT(region.start.z + 32, at);
  }
  EXPECT_EQ(regionAround({50, 50, 50}, {100, 100, 100}, {32, 32, 32}),
            regionAround({51, 50, 49}, {100, 100, 100}, {32, 32, 32}))
      << "a small move of the crosshair needs no other forward pass";
}

TEST(LossProbe, ValuesAndTermsAreThoseOfRindLoss) {
  const auto prepared = training::toyData().training->open(0);
  const auto size = prepared.size();
  const auto config = someSettings();
  const Region whole{{0, 0, 0}, size};
  const auto target = targetOf(prepared, depthsOf(prepared, core::Border::zero), whole, config);
  const at::Tensor logits = someLogits(size);
  const auto probed = probeLosses(logits, target, config, core::LossKind::cwcd);
  ASSERT_EQ(probed.losses.size(), 8u);

  const auto logits_array = arrayOf("f4", logits.sizes().vec(), logits.const_data_ptr(), logits.nbytes());
  const auto labels_array =
      arrayOf("u1", {1, size.z, size.y, size.x}, prepared.labels.data, prepared.labels.count());
  for (const auto& loss : probed.losses) {
    losses::ArrayLossSettings settings{config.loss, config.contour, losses::Precision::fp64, false};
    settings.loss.kind = core::parseLossKind(loss.loss);
    const auto truth = losses::lossOfArrays(logits_array, labels_array, settings);
    EXPECT_NEAR(loss.value, truth.value, 1e-5 * std::max(1.0, std::abs(truth.value))) << loss.loss;
    ASSERT_EQ(loss.terms.size(), truth.terms.size()) << loss.loss;
    for (std::size_t i = 0; i < truth.terms.size(); ++i) EXPECT_EQ(loss.terms[i].first, truth.terms[i].first);
  }
}

TEST(LossProbe, GradientSharesAreThoseOfTheGradientItself) {
  const auto prepared = training::toyData().training->open(1);
  const auto size = prepared.size();
  const auto config = someSettings();
  const auto target = targetOf(prepared, depthsOf(prepared, core::Border::zero), {{0, 0, 0}, size}, config);
  const at::Tensor logits = someLogits(size);
  const auto probed = probeLosses(logits, target, config, core::LossKind::ce);
  // Cross entropy: dL/dz = (softmax − one hot) / N, so each voxel's size is 2·(1 − p_label) / N.
  const at::Tensor p = at::softmax(logits, 1).gather(1, target.labels.to(at::kLong).unsqueeze(1)).squeeze(1);
  const at::Tensor voxel = 2 * (1 - p) / static_cast<double>(size.voxels());
  for (std::int64_t c = 0; c < 3; ++c) {
    const at::Tensor own = target.labels.eq(c);
    const auto& part = probed.losses.front().classes[static_cast<std::size_t>(c)];
    EXPECT_EQ(probed.losses.front().loss, "ce");
    EXPECT_NEAR(part.gradient_contour, (voxel * own * target.band.ne(0)).sum().item<double>(), 1e-5);
    EXPECT_NEAR(part.gradient_interior, (voxel * own * target.band.eq(0)).sum().item<double>(), 1e-5);
  }
  EXPECT_NEAR(probed.largest, voxel.max().item<double>(), 1e-6);
  const auto place = static_cast<std::size_t>(voxel.argmax().item<std::int64_t>());
  EXPECT_EQ(probed.heat[place], 255);
  EXPECT_NEAR(probed.heat[0], 255 * std::sqrt(voxel.flatten()[0].item<double>() / voxel.max().item<double>()),
              0.6);
}

TEST(LossProbe, TheBandOfARegionIsThatOfTheWholeCase) {
  const auto prepared = training::toyData().training->open(0);
  const auto config = someSettings();
  const auto depths = depthsOf(prepared, core::Border::zero);
  const auto whole = targetOf(prepared, depths, {{0, 0, 0}, prepared.size()}, config);
  const auto part = targetOf(prepared, depths, {{2, 3, 4}, {6, 7, 8}}, config);
  const auto cut = whole.band.narrow(1, 2, 6).narrow(2, 3, 7).narrow(3, 4, 8);
  EXPECT_TRUE(at::equal(part.band, cut));
}

TEST(LossProbe, LogitsLieWhereTheirImageLies) {
  const auto prepared = training::toyData().training->open(0);
  const Region region{{1, 0, 2}, {8, 14, 9}};
  // A "network" that returns its image, in a window larger than the region.
  const auto logits = logitsOf([](const at::Tensor& image) { return image; }, prepared, region, {16, 16, 16});
  ASSERT_EQ(logits.sizes(), (at::IntArrayRef{1, 1, 8, 14, 9}));
  EXPECT_EQ(logits[0][0][0][0][0].item<float>(), prepared.image[(1 * 14 + 0) * 16 + 2]);
  EXPECT_EQ(logits[0][0][7][13][8].item<float>(), prepared.image[(8 * 14 + 13) * 16 + 10]);
}

}  // namespace rind::worker
