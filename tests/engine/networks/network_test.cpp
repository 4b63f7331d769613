#include "rind/networks/network.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include "rind/core/error.h"

namespace rind::networks {
namespace {

using core::Extent3;
using core::InputError;
using testing::HasSubstr;

/// What a small patch of each network looks like.
NetworkSettings small(const std::string& name, const Extent3& wanted) {
  return {
      .name = name, .in_channels = 2, .classes = 3, .base_channels = 4, .patch = fittingPatch(name, wanted)};
}

std::string messageOf(const NetworkSettings& settings) {
  try {
    requireFits(settings);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

class EachNetwork : public testing::TestWithParam<std::string> {};

TEST_P(EachNetwork, ReturnsLogitsAtTheResolutionOfItsPatch) {
  const at::NoGradGuard no_gradients;
  for (const Extent3& wanted : {Extent3{16, 32, 16}, Extent3{1, 32, 48}}) {
    const auto settings = small(GetParam(), wanted);
    auto network = makeNetwork(settings, 1);
    network->eval();
    const auto& p = settings.patch;
    const auto logits = network->forward(at::ones({2, 2, p.z, p.y, p.x}));
    EXPECT_EQ(logits.sizes(), (at::IntArrayRef{2, 3, p.z, p.y, p.x}));
    EXPECT_TRUE(at::isfinite(logits).all().item<bool>());
  }
}

TEST_P(EachNetwork, HasWeightsThatDependOnTheSeedAlone) {
  const auto settings = small(GetParam(), {16, 16, 16});
  at::manual_seed(5);
  const auto first = makeNetwork(settings, 7)->parameters();
  at::manual_seed(6);
  const auto again = makeNetwork(settings, 7)->parameters();
  const auto other = makeNetwork(settings, 8)->parameters();
  ASSERT_EQ(first.size(), again.size());
  bool differs = false;
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_TRUE(at::equal(first[i], again[i]));
    differs = differs || !at::equal(first[i], other[i]);
  }
  EXPECT_TRUE(differs);
}

TEST_P(EachNetwork, LearnsToTellTwoIntensitiesApart) {
  auto settings = small(GetParam(), {1, 32, 32});
  settings.in_channels = 1, settings.classes = 2;
  const auto network = makeNetwork(settings, 3);
  const auto& p = settings.patch;
  const auto target = (at::arange(p.x) >= p.x / 2).to(at::kLong).expand({2, p.z, p.y, p.x}).contiguous();
  const auto image = target.to(at::kFloat).unsqueeze(1) * 2 - 1;
  torch::optim::Adam optimiser(network->parameters(), torch::optim::AdamOptions(3e-3));
  double first = 0, last = 0;
  for (int step = 0; step < 8; ++step) {
    optimiser.zero_grad();
    const auto loss = at::cross_entropy_loss(network->forward(image), target);
    loss.backward();
    optimiser.step();
    last = loss.item<double>();
    if (step == 0) first = last;
  }
  EXPECT_LT(last, 0.8 * first);
}

TEST_P(EachNetwork, SendsAGradientToEveryParameter) {
  const auto settings = small(GetParam(), {16, 16, 16});
  const auto network = makeNetwork(settings, 3);
  const auto& p = settings.patch;
  const auto image = at::sin(at::arange(4 * p.voxels(), at::kFloat)).view({2, 2, p.z, p.y, p.x});
  const auto logits = network->forward(image);
  (logits * at::cos(at::arange(logits.numel(), at::kFloat)).view(logits.sizes())).sum().backward();
  for (const auto& item : network->named_parameters())
    EXPECT_TRUE(item.value().grad().defined() && at::isfinite(item.value().grad()).all().item<bool>())
        << item.key();
}

TEST_P(EachNetwork, RefusesAPatchThatDoesNotFitAndNamesTheNearest) {
  auto settings = small(GetParam(), {16, 32, 16});
  const auto fitting = core::toString(settings.patch);
  settings.patch.y -= 1;
  EXPECT_THAT(messageOf(settings), HasSubstr("use " + fitting));
  EXPECT_THROW(makeNetwork(settings, 1), InputError);
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& info : networkTable()) all.push_back(info.name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Table, EachNetwork, testing::ValuesIn(names()),
                         [](const auto& tested) { return tested.param; });

TEST(UNet, HasTheParametersOfItsFormula) {
  // Each level: two convolutions with bias, each followed by two numbers a channel; each expansion 2×2×2.
  const auto level = [](std::int64_t in, std::int64_t out) {
    return 27 * in * out + out + 2 * out + 27 * out * out + out + 2 * out;
  };
  std::int64_t expected = level(1, 16);
  for (std::int64_t width = 16; width < 256; width *= 2)
    expected += level(width, 2 * width) + (8 * 2 * width * width + width) + level(2 * width, width);
  expected += 16 * 3 + 3;
  const NetworkSettings settings{.name = "unet", .classes = 3, .patch = {16, 16, 16}};
  EXPECT_EQ(parameterCount(*makeNetwork(settings, 1)), expected);
}

TEST(UNet, NeverMixesSlicesOfATwoDimensionalPatch) {
  const NetworkSettings settings{.name = "unet", .base_channels = 4, .patch = {1, 32, 32}};
  const at::NoGradGuard no_gradients;
  auto network = makeNetwork(settings, 1);
  network->eval();
  auto image = at::sin(at::arange(3 * 32 * 32, at::kFloat)).view({1, 1, 3, 32, 32});
  const auto before = network->forward(image);
  image.select(2, 1).fill_(4);
  const auto after = network->forward(image);
  EXPECT_TRUE(at::equal(before.select(2, 0), after.select(2, 0)));
  EXPECT_FALSE(at::allclose(before.select(2, 1), after.select(2, 1)));
}

TEST(UNet, ComputesTheSameWithChannelsLast) {
  const NetworkSettings settings{.name = "unet", .base_channels = 4, .patch = {16, 16, 16}};
  const at::NoGradGuard no_gradients;
  auto network = makeNetwork(settings, 1);
  network->eval();
  const auto image = at::sin(at::arange(16 * 16 * 16, at::kFloat)).view({1, 1, 16, 16, 16});
  const auto expected = network->forward(image);
  preferChannelsLast(*network);
  const auto got = network->forward(image.contiguous(at::MemoryFormat::ChannelsLast3d));
  EXPECT_TRUE(at::allclose(got, expected, 1e-4, 1e-5));
}

TEST(ChannelsLast, HoldsForASingleChannelToo) {
  const auto image = at::sin(at::arange(2 * 4 * 5 * 6, at::kFloat)).view({2, 1, 4, 5, 6});
  EXPECT_EQ(channelsLast(image).suggest_memory_format(), at::MemoryFormat::ChannelsLast3d);
  EXPECT_TRUE(at::equal(channelsLast(image), image));
}

TEST(DeepSupervision, AddsLogitsOfCoarserLevelsAndChangesNothingElse) {
  const at::NoGradGuard no_gradients;
  for (const std::string name : {"unet", "vnet"})
    for (const Extent3& patch : {Extent3{16, 32, 16}, Extent3{1, 32, 48}}) {
      NetworkSettings settings = small(name, patch);
      const auto plain = makeNetwork(settings, 1);
      settings.deep_supervision = true;
      const auto deep = makeNetwork(settings, 1);
      const auto image =
          at::sin(at::arange(2 * patch.voxels(), at::kFloat)).view({1, 2, patch.z, patch.y, patch.x});
      EXPECT_EQ(plain->forwardScales(image).size(), 1U);
      const auto logits = deep->forwardScales(image);
      ASSERT_EQ(logits.size(), 3U);
      EXPECT_TRUE(at::equal(logits[0], plain->forward(image)));
      EXPECT_EQ(logits[1].sizes(),
                (at::IntArrayRef{1, 3, std::max<std::int64_t>(1, patch.z / 2), patch.y / 2, patch.x / 2}));
      EXPECT_EQ(logits[2].sizes(),
                (at::IntArrayRef{1, 3, std::max<std::int64_t>(1, patch.z / 4), patch.y / 4, patch.x / 4}));
    }
  NetworkSettings unetr = small("unetr", {16, 16, 16});
  unetr.deep_supervision = true;
  EXPECT_THAT(messageOf(unetr), HasSubstr("--deep-supervision: UNETR has no coarser logits"));
}

TEST(NetworkTable, NamesWhatThereIsWhenAskedForAnother) {
  EXPECT_THAT(messageOf({.name = "lenet"}), HasSubstr("--network"));
  EXPECT_THAT(messageOf({.name = "lenet"}), HasSubstr("unet"));
}

TEST(NetworkTable, RefusesANetworkOfNothing) {
  EXPECT_THAT(messageOf({.in_channels = 0}), HasSubstr("no input channels"));
  EXPECT_THAT(messageOf({.classes = 0}), HasSubstr("no classes"));
}

}  // namespace
}  // namespace rind::networks
