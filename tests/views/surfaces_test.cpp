#include "rind/rendering/surfaces.h"

#include <gtest/gtest.h>
#include <vtkFloatArray.h>
#include <vtkMassProperties.h>
#include <vtkNew.h>
#include <vtkPointData.h>

#include <array>
#include <set>

#include "block_case.h"
#include "rind/rendering/surface_paint.h"

namespace rind::rendering {
namespace {

double volumeOf(const Surface& surface) {
  vtkNew<vtkMassProperties> mass;
  mass->SetInputData(surface.mesh);
  return mass->GetVolume();
}

class Surfaces : public testing::Test {
 protected:
  SurfaceInput input{test_support::blockCase(), nullptr, {0, 1, 1}, core::Border::zero};
  std::atomic<bool> cancel{false};
};

TEST_F(Surfaces, HaveAboutTheVolumeOfTheirVoxels) {
  const auto outer = makeSurfaces(input, SurfaceKind::outer, cancel);
  ASSERT_EQ(outer.size(), 2u);
  EXPECT_NEAR(volumeOf(outer[0]), 512 * 2, 512 * 2 * 0.12);  // smoothing rounds the corners off
  double bounds[6];
  outer[0].mesh->GetBounds(bounds);
  EXPECT_NEAR(bounds[0], 3.5 * 2, 0.8) << "millimetres along x";
  EXPECT_NEAR(bounds[5], 11.5, 0.4) << "millimetres along z";
}

TEST_F(Surfaces, TheInnerSurfaceIsWhatTheBandLeaves) {
  const auto inner = makeSurfaces(input, SurfaceKind::inner, cancel);
  ASSERT_EQ(inner.size(), 1u) << "the plate is all band";
  EXPECT_EQ(inner[0].label, 1);
  EXPECT_NEAR(volumeOf(inner[0]), 216 * 2, 216 * 2 * 0.15);
}

TEST_F(Surfaces, StopWhenCancelled) {
  cancel = true;
  EXPECT_TRUE(makeSurfaces(input, SurfaceKind::outer, cancel).empty());
}

TEST_F(Surfaces, AreTheSameOnOneProcessorOrMany) {
  const auto first = makeSurfaces(input, SurfaceKind::outer, cancel);
  const auto second = makeSurfaces(input, SurfaceKind::outer, cancel);
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].label, static_cast<int>(i) + 1);
    EXPECT_EQ(first[i].mesh->GetNumberOfPoints(), second[i].mesh->GetNumberOfPoints());
  }
}

// Places that both surfaces have, to the last bit.
std::size_t commonPoints(const Surface& a, const Surface& b) {
  std::set<std::array<double, 3>> places;
  std::array<double, 3> point;
  for (vtkIdType i = 0; i < a.mesh->GetNumberOfPoints(); ++i) {
    a.mesh->GetPoint(i, point.data());
    places.insert(point);
  }
  std::size_t common = 0;
  for (vtkIdType i = 0; i < b.mesh->GetNumberOfPoints(); ++i) {
    b.mesh->GetPoint(i, point.data());
    common += places.count(point);
  }
  return common;
}

TEST_F(Surfaces, OrgansThatTouchMeetWithoutAGap) {
  core::LabelVolume labels;
  input.loaded = test_support::touchingBricks({7, 9, 8}, labels);
  const auto outer = makeSurfaces(input, SurfaceKind::outer, cancel);
  ASSERT_EQ(outer.size(), 2u);
  EXPECT_EQ(commonPoints(outer[0], outer[1]), 7u * 9u) << "one between each pair of voxels that touch";
}

TEST_F(Surfaces, OrgansThatAreDrawnMoreCoarselyMeetToo) {
  core::LabelVolume labels;
  input.loaded = test_support::touchingBricks({91, 85, 81}, labels);  // more voxels than are drawn one by one
  const auto outer = makeSurfaces(input, SurfaceKind::outer, cancel);
  ASSERT_EQ(outer.size(), 2u);
  EXPECT_EQ(commonPoints(outer[0], outer[1]), 45u * 42u) << "every second of voxels 3 to 93 and 3 to 87";
}

TEST_F(Surfaces, AZeroBorderBandReachesInFromTheFace) {
  // A block that ends at the volume's face: the zero border has a rind there, the other has none.
  auto loaded = std::make_shared<models::LoadedCase>(*test_support::blockCase());
  auto labels = std::make_shared<core::LabelVolume>(core::Extent3{24, 24, 24});
  for (std::int64_t z = 0; z < 8; ++z)
    for (std::int64_t y = 4; y < 12; ++y)
      for (std::int64_t x = 4; x < 12; ++x) (*labels)[{z, y, x}] = 1;
  auto depth = std::make_shared<core::DepthVolume>(contour::depthMap(*labels, 254, core::Border::replicate));
  loaded->prepared.labels = *labels;
  loaded->prepared.depth = *depth;
  loaded->boxes = models::boxesOf(*labels, 3);
  input.loaded = loaded;
  input.thickness = {0, 2, 2};
  const auto zero = makeSurfaces(input, SurfaceKind::inner, cancel);
  input.border = core::Border::replicate;
  const auto replicate = makeSurfaces(input, SurfaceKind::inner, cancel);
  ASSERT_EQ(zero.size(), 1u);
  ASSERT_EQ(replicate.size(), 1u);
  double low_zero[6];
  double low_replicate[6];
  zero[0].mesh->GetBounds(low_zero);
  replicate[0].mesh->GetBounds(low_replicate);
  EXPECT_NEAR(low_zero[4], 1.5, 0.6) << "two voxels of rind at the face";
  EXPECT_NEAR(low_replicate[4], -0.5, 0.6) << "none";
}

TEST_F(Surfaces, DistanceIsThatToTheReferenceInMillimetres) {
  core::LabelVolume shifted({24, 24, 24});
  for (std::int64_t z = 4; z < 12; ++z)
    for (std::int64_t y = 4; y < 12; ++y)
      for (std::int64_t x = 7; x < 15; ++x) shifted[{z, y, x}] = 1;  // 3 voxels of 2 mm to the left
  shifted[{20, 20, 20}] = 2;
  input.prediction = std::make_shared<models::Prediction>(
      models::score(std::move(shifted), input.loaded->prepared.labels, 3, 1));
  const auto outer = makeSurfaces(input, SurfaceKind::outer, cancel);
  const auto predicted = makeSurfaces(input, SurfaceKind::prediction, cancel);
  const auto painted = withDistance(predicted, {outer[0]}, *input.loaded, cancel);
  ASSERT_EQ(painted.size(), 2u);
  double range[2];
  painted[0].mesh->GetPointData()->GetScalars()->GetRange(range);
  EXPECT_NEAR(range[1], 6, 0.7) << "the far side lies 6 mm outside";
  EXPECT_LT(range[0], -2) << "the near side lies inside";
  painted[1].mesh->GetPointData()->GetScalars()->GetRange(range);
  EXPECT_GE(range[0], kFar) << "the reference has no such organ";
  EXPECT_EQ(rangeOf(painted), 10);
}

TEST_F(Surfaces, HeatIsThatOfTheNearestVoxels) {
  models::HeatMap heat{{0, 0, 0}, {24, 24, 24}, std::vector<std::uint8_t>(24 * 24 * 24, 51), 1, "ce"};
  const auto painted = withHeat(makeSurfaces(input, SurfaceKind::outer, cancel),
                                input.loaded->prepared.geometry, heat, cancel);
  double range[2];
  painted[0].mesh->GetPointData()->GetScalars()->GetRange(range);
  EXPECT_NEAR(range[0], 0.2, 1e-6);
  EXPECT_NEAR(range[1], 0.2, 1e-6);
}

}  // namespace
}  // namespace rind::rendering
