#include "rind/rendering/surfaces.h"

#include <gtest/gtest.h>
#include <vtkMassProperties.h>
#include <vtkNew.h>

#include "block_case.h"

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

}  // namespace
}  // namespace rind::rendering
