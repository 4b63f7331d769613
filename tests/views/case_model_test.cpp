#include "rind/models/case_model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "block_case.h"
#include "rind/models/slice_image.h"

namespace rind::models {
namespace {

core::ContourSettings contourOf(int iterations) {
  core::ContourSettings contour;
  contour.iterations = iterations;
  return contour;
}

TEST(CaseModel, BandShareIsThatOfTheEroded) {
  CaseModel shown;
  shown.setCase(test_support::blockCase());
  shown.setContour(contourOf(1));
  ASSERT_EQ(shown.facts().size(), 3u);
  // One erosion of an 8-cube leaves a 6-cube; of a plate two thick, nothing.
  EXPECT_DOUBLE_EQ(shown.facts()[1].band_share, 1.0 - 216.0 / 512.0);
  EXPECT_FALSE(shown.facts()[1].all_band);
  EXPECT_TRUE(shown.facts()[2].all_band);
  EXPECT_DOUBLE_EQ(shown.facts()[1].millilitres, 512 * 2.0 / 1000);
  shown.setContour(contourOf(3));
  EXPECT_DOUBLE_EQ(shown.facts()[1].band_share, 1.0 - 8.0 / 512.0);
}

TEST(CaseModel, SaysWhatChanged) {
  CaseModel shown;
  shown.setCase(test_support::blockCase());
  Changes seen;
  QObject::connect(&shown, &CaseModel::changed, [&](Changes what) { seen = what; });
  shown.setContour(contourOf(2));
  EXPECT_EQ(seen, Changes(Change::band));
  shown.setCursor({500, -3, 4});
  EXPECT_EQ(seen, Changes(Change::cursor));
  EXPECT_EQ(shown.cursor(), (core::Index3{23, 0, 4}));
  shown.setVisible(1, false);
  EXPECT_EQ(seen, Changes(Change::display));
}

TEST(CaseModel, KeepsOneChannelUntilTheNextCaseComesInTheOneThatWasChosen) {
  std::vector<float> voxels(2 * 24 * 24 * 24, 1.F);
  std::fill(voxels.begin() + 24 * 24 * 24, voxels.end(), 5.F);
  LoadedCase two = *test_support::blockCase();
  two.prepared.channels = 2;
  two.prepared.image = voxels.data();
  two.windows = {{Window{0, 1}, Window{0, 1}, Window{0, 1}}, {Window{4, 6}, Window{4, 6}, Window{4, 6}}};
  const auto whole = std::make_shared<const LoadedCase>(two);
  CaseModel shown;
  shown.setCase(whole);
  shown.setChannel(1);
  LoadedCase kept = withChannel(*whole, 1);
  voxels[24 * 24 * 24] = 7.F;  // it has its own
  shown.keepOnly(std::move(kept));
  EXPECT_EQ(shown.image()[0], 5.F);
  EXPECT_EQ(shown.loaded().prepared.labels[(core::Index3{5, 5, 5})], 1);
  EXPECT_EQ(shown.facts().size(), 3u);
  shown.setChannel(0);
  EXPECT_EQ(shown.image()[0], 5.F) << "the other is not there any more";
  EXPECT_EQ(shown.high(), 6.F);
  shown.setCase(whole);
  EXPECT_EQ(shown.image()[0], 1.F);
  EXPECT_EQ(shown.high(), 1.F);
  shown.keepOnly(withChannel(*whole, 1));
  EXPECT_EQ(shown.loaded().heldChannels(), 2) << "another channel is on the screen by now";
}

TEST(Prediction, OverlapIsDice) {
  const auto loaded = test_support::blockCase();
  core::LabelVolume half({24, 24, 24});
  for (std::int64_t z = 4; z < 8; ++z)
    for (std::int64_t y = 4; y < 12; ++y)
      for (std::int64_t x = 4; x < 12; ++x) half[{z, y, x}] = 1;
  const auto scored = score(std::move(half), loaded->prepared.labels, 3, 1);
  EXPECT_DOUBLE_EQ(scored.dsc[1], 2.0 * 256 / (256 + 512));
  EXPECT_DOUBLE_EQ(scored.dsc[2], 0.0);
}

TEST(PlaneAxes, FollowTheDirectionsOfTheVolume) {
  core::Geometry geometry;
  EXPECT_EQ(planeAxes(geometry, Plane::axial).through, 0);
  EXPECT_FALSE(planeAxes(geometry, Plane::axial).across_backwards);
  EXPECT_TRUE(planeAxes(geometry, Plane::coronal).down_backwards) << "superior is up";
  // As NIfTI often has it: x to the right, y to the front.
  geometry.direction = {-1, 0, 0, 0, -1, 0, 0, 0, 1};
  EXPECT_TRUE(planeAxes(geometry, Plane::axial).across_backwards);
  EXPECT_TRUE(planeAxes(geometry, Plane::axial).down_backwards);
  // Slices stacked along the patient's y.
  geometry.direction = {1, 0, 0, 0, 0, 1, 0, -1, 0};
  EXPECT_EQ(planeAxes(geometry, Plane::coronal).through, 0);
}

class SliceImage : public testing::Test {
 protected:
  SliceImage() {
    shown.setCase(test_support::blockCase());
    shown.setWindow(0, 1);
    shown.setCursor({8, 8, 8});
    shown.setContour(contourOf(1));
    axes = planeAxes(shown.loaded().prepared.geometry, Plane::axial);
    frame = wholeSlice(shown.loaded().prepared.geometry, axes, 480, 480);
  }

  std::uint32_t pixelAt(const core::Index3& voxel) {
    composeSlice(shown, axes, frame, pixels);
    const auto at = pixelOf(shown, axes, frame, voxel);
    return pixels[static_cast<std::size_t>(at[1]) * 480 + static_cast<std::size_t>(at[0])];
  }

  CaseModel shown;
  PlaneAxes axes;
  SliceFrame frame;
  std::vector<std::uint32_t> pixels;
};

TEST_F(SliceImage, VoxelsAndPixelsAgree) {
  for (const auto& voxel : {core::Index3{8, 4, 4}, core::Index3{8, 11, 20}}) {
    const auto at = pixelOf(shown, axes, frame, voxel);
    EXPECT_EQ(voxelAt(shown, axes, frame, at[0], at[1]), voxel);
  }
}

TEST_F(SliceImage, TheBandIsDrawnWhereTheDepthSaysAndNotInside) {
  shown.setLayers({false, true, false, false, false, 0.8});
  EXPECT_EQ(pixelAt({8, 8, 8}), 0xFFFFFFFFU) << "inside: the image alone";
  const auto rgb = shown.loaded().labels[1].colour;
  EXPECT_EQ(pixelAt({8, 4, 8}),
            0xFF000000U | static_cast<std::uint32_t>(rgb[0] << 16 | rgb[1] << 8 | rgb[2]));
  shown.setContour(contourOf(6));
  EXPECT_NE(pixelAt({8, 8, 8}), 0xFFFFFFFFU) << "a thicker band reaches the middle";
  shown.setVisible(1, false);
  EXPECT_EQ(pixelAt({8, 4, 8}), 0xFFFFFFFFU);
}

TEST_F(SliceImage, TheDepthOfTheBandEndsAtTheFacesWhereTheBorderIsZero) {
  const core::Index3 corner{23, 12, 1};
  auto contour = contourOf(1);
  contour.border = core::Border::replicate;
  shown.setContour(contour);
  EXPECT_EQ(bandDepth(shown, corner), shown.loaded().prepared.depth[corner]);
  EXPECT_GT(bandDepth(shown, corner), 3);
  contour.border = core::Border::zero;
  shown.setContour(contour);
  EXPECT_EQ(bandDepth(shown, corner), 1);
  EXPECT_EQ(bandDepth(shown, {21, 12, 12}), 3);
  EXPECT_EQ(bandDepth(shown, {8, 4, 8}), 1);
  EXPECT_EQ(roomAlong({1, 5, 5}, 0, 0), 255) << "no axis";
}

TEST_F(SliceImage, ErrorsHaveTheirColours) {
  core::LabelVolume labels({24, 24, 24});
  labels[{8, 20, 8}] = 1;
  labels[{8, 8, 8}] = 2;
  shown.setPrediction(
      std::make_shared<Prediction>(score(std::move(labels), shown.loaded().prepared.labels, 3, 1)));
  shown.setLayers({false, false, false, true, false, 1.0});
  EXPECT_EQ(pixelAt({8, 6, 6}), kMissed);
  EXPECT_EQ(pixelAt({8, 20, 8}), kInvented);
  EXPECT_EQ(pixelAt({8, 8, 8}), kConfused);
  EXPECT_EQ(pixelAt({8, 20, 20}), 0xFF000000U);
}

TEST_F(SliceImage, HeatIsDrawnInItsRegionOnly) {
  HeatMap heat{{8, 4, 4}, {1, 4, 4}, std::vector<std::uint8_t>(16, 255), 2.0, "ce"};
  heat.levels[0] = 0;
  shown.setHeat(std::make_shared<HeatMap>(heat));
  shown.setLayers({false, false, false, false, true, 1.0});
  EXPECT_EQ(pixelAt({8, 5, 5}), heatColour(255));
  EXPECT_EQ(pixelAt({8, 4, 4}), 0xFFFFFFFFU) << "no gradient: the image alone";
  EXPECT_EQ(pixelAt({8, 9, 9}), 0xFFFFFFFFU) << "outside of what was probed";
  EXPECT_DOUBLE_EQ(shown.heat()->gradientAt({8, 5, 5}), 2.0);
  shown.setLayers({false, false, false, false, false, 1.0});
  EXPECT_EQ(pixelAt({8, 5, 5}), 0xFFFFFFFFU);
}

}  // namespace
}  // namespace rind::models
