#include "rind/contour/adaptive_thickness.h"

#include <gtest/gtest.h>

#include "random_labels.h"
#include "rind/contour/depth_map.h"

namespace rind::contour {
namespace {

core::ContourSettings settings(core::AdaptiveRule rule, double value, int iterations = 6) {
  core::ContourSettings result;
  result.iterations = iterations;
  result.adaptive = {rule, value};
  return result;
}

/// Background, a class of 10, 6 and 4 voxels of depth 1, 2 and 3, an absent class, and one of infinite depth.
DepthHistogram histogram() {
  DepthHistogram h;
  h.counts.resize(4);
  h.counts[0][1] = 100;
  h.counts[1][1] = 10;
  h.counts[1][2] = 6;
  h.counts[1][3] = 4;
  h.counts[3][255] = 50;
  return h;
}

TEST(BandThickness, ShareIsTheLargestThatFits) {
  using enum core::AdaptiveRule;
  EXPECT_EQ(bandThickness(histogram(), settings(share, 0.49)), (std::vector<int>{6, 1, 0, 6}));
  EXPECT_EQ(bandThickness(histogram(), settings(share, 0.5)), (std::vector<int>{6, 1, 0, 6}));
  EXPECT_EQ(bandThickness(histogram(), settings(share, 0.8)), (std::vector<int>{6, 2, 0, 6}));
  EXPECT_EQ(bandThickness(histogram(), settings(share, 1.0)), (std::vector<int>{6, 6, 0, 6}));
}

TEST(BandThickness, InradiusIsAFractionOfTheLargestDepthRounded) {
  using enum core::AdaptiveRule;
  EXPECT_EQ(bandThickness(histogram(), settings(inradius, 0.5)), (std::vector<int>{6, 2, 0, 6}));
  EXPECT_EQ(bandThickness(histogram(), settings(inradius, 0.1)), (std::vector<int>{6, 1, 0, 6}));
  EXPECT_EQ(bandThickness(histogram(), settings(inradius, 1.0, 2)), (std::vector<int>{2, 2, 0, 2}));
}

TEST(BandThickness, WithoutARuleIsThatOfTheSettingsForAll) {
  EXPECT_EQ(bandThickness(histogram(), settings(core::AdaptiveRule::off, 0)), (std::vector<int>{6, 6, 6, 6}));
  EXPECT_EQ(bandThickness(histogram(), settings(core::AdaptiveRule::off, 0, 1000)).front(), 254);
}

TEST(DepthHistogram, CountsEveryVoxelOnce) {
  const auto labels = test::randomLabels({9, 20, 31}, 4);
  const auto depth = depthMap(labels, 254, core::Border::zero);
  const DepthHistogram h = depthHistogram(labels, depth, 6);
  for (std::size_t j = 0; j < 6; ++j)
    for (std::size_t t = 0; t < 256; ++t) {
      std::uint64_t expected = 0;
      for (std::size_t i = 0; i < labels.voxels.size(); ++i)
        expected += labels.voxels[i] == j && depth.voxels[i] == t;
      ASSERT_EQ(h.counts[j][t], expected) << j << " " << t;
    }
}

TEST(DepthHistogram, OfTheZeroBorderComesFromAMapMadeWithTheReplicateBorder) {
  const auto labels = test::randomLabels({9, 20, 31}, 5);
  const auto zero = depthHistogram(labels, depthMap(labels, 254, core::Border::zero), 6);
  const auto replicate = depthMap(labels, 254, core::Border::replicate);
  EXPECT_EQ(zeroBorderHistogram(labels, replicate, 6).counts, zero.counts);
  EXPECT_NE(depthHistogram(labels, replicate, 6).counts, zero.counts);
}

}  // namespace
}  // namespace rind::contour
