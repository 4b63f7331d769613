#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oracle_labels.h"
#include "rind/contour/adaptive_thickness.h"
#include "rind/contour/band.h"
#include "rind/contour/depth_map.h"
#include "rind/test_support/shared_data.h"

namespace rind::contour {
namespace {

using test::caseDescription;
using test::settingsOf;
using test::volume;

class ContourOracle : public testing::TestWithParam<std::filesystem::path> {};
class AdaptiveOracle : public testing::TestWithParam<std::filesystem::path> {};

std::vector<std::uint8_t> bit(const core::Volume<std::uint32_t>& bands, int index) {
  std::vector<std::uint8_t> mask;
  for (const std::uint32_t bits : bands.voxels) mask.push_back((bits >> index) & 1);
  return mask;
}

std::vector<std::uint8_t> byteBand(core::LabelView labels, const core::ContourSettings& settings,
                                   int classes) {
  const core::DepthVolume depth = depthMap(labels, kLargestCap, settings.border);
  const auto thickness = bandThickness(depthHistogram(labels, depth, classes), settings);
  std::vector<std::uint8_t> mask(labels.count());
  bandMask(labels, depth, thickness, settings.include_background, mask.data());
  return mask;
}

std::vector<std::uint8_t> exactBand(core::LabelView labels, const core::ContourSettings& settings,
                                    int classes) {
  const auto depth = exactDepthMap(labels, settings.border);
  const auto thickness = bandThickness(labels, depth, classes, settings);
  std::vector<std::uint8_t> mask(labels.count());
  bandMask(labels, depth, thickness, settings.include_background, mask.data());
  return mask;
}

TEST_P(ContourOracle, DepthsAreThoseExpected) {
  const auto labels = volume<std::uint8_t>(GetParam() / "labels.npy");
  for (const auto border : {core::Border::zero, core::Border::replicate}) {
    const auto expected = volume<std::int16_t>(GetParam() / ("depth_" + core::toString(border) + ".npy"));
    EXPECT_EQ(exactDepthMap(labels, border).voxels, expected.voxels) << core::toString(border);
    for (const int cap : {1, 2, 3, 6, 12, 13, 20, 254}) {
      std::vector<std::uint8_t> capped;
      for (const int depth : expected.voxels)
        capped.push_back(static_cast<std::uint8_t>(std::min(depth, cap + 1)));
      EXPECT_EQ(depthMap(labels, cap, border).voxels, capped) << core::toString(border) << " cap " << cap;
    }
  }
}

TEST_P(ContourOracle, BandsAreThoseExpected) {
  const auto labels = volume<std::uint8_t>(GetParam() / "labels.npy");
  const auto bands = volume<std::uint32_t>(GetParam() / "bands.npy");
  const auto description = caseDescription(GetParam());
  for (const auto& spec : description.at("specs")) {
    const auto expected = bit(bands, spec.at("bit"));
    EXPECT_EQ(byteBand(labels, settingsOf(spec), 256), expected) << spec;
    EXPECT_EQ(exactBand(labels, settingsOf(spec), 256), expected) << spec;
  }
}

TEST_P(AdaptiveOracle, ThicknessAndBandsAreThoseExpected) {
  const auto labels = volume<std::uint8_t>(GetParam() / "labels.npy");
  const auto bands = volume<std::uint32_t>(GetParam() / "bands.npy");
  const auto description = caseDescription(GetParam());
  const int classes = description.at("num_classes");
  for (const auto& spec : description.at("specs")) {
    core::ContourSettings settings = settingsOf(spec);
    const bool share = spec.at("rule") == "share";
    settings.adaptive = {share ? core::AdaptiveRule::share : core::AdaptiveRule::inradius,
                         spec.at(share ? "share" : "fraction").get<double>()};
    const core::DepthVolume depth = depthMap(labels, kLargestCap, settings.border);
    auto thickness = bandThickness(depthHistogram(labels, depth, classes), settings);
    EXPECT_EQ(thickness, bandThickness(labels, exactDepthMap(labels, settings.border), classes, settings))
        << spec;
    EXPECT_EQ(thickness.front(), settings.thickness());
    thickness.erase(thickness.begin());
    EXPECT_EQ(thickness, spec.at("thickness_per_foreground_class").get<std::vector<int>>()) << spec;
    EXPECT_EQ(byteBand(labels, settings, classes), bit(bands, spec.at("bit"))) << spec;
  }
}

std::string caseName(const testing::TestParamInfo<std::filesystem::path>& info) {
  return info.param.filename().string();
}

INSTANTIATE_TEST_SUITE_P(Shared, ContourOracle, testing::ValuesIn(test_support::oracleCases("contour")),
                         caseName);
INSTANTIATE_TEST_SUITE_P(Shared, AdaptiveOracle, testing::ValuesIn(test_support::oracleCases("adaptive")),
                         caseName);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ContourOracle);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(AdaptiveOracle);

}  // namespace
}  // namespace rind::contour
