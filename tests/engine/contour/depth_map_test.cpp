#include "rind/contour/depth_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <vector>

#include "random_labels.h"
#include "rind/core/error.h"

namespace rind::contour {
namespace {

core::Volume<std::uint8_t> cut(core::VolumeView<std::uint8_t> whole, const core::Index3& corner,
                               const core::Extent3& size) {
  core::Volume<std::uint8_t> patch(size);
  for (std::int64_t z = 0; z < size.z; ++z)
    for (std::int64_t y = 0; y < size.y; ++y)
      for (std::int64_t x = 0; x < size.x; ++x)
        patch[{z, y, x}] = whole[{z + corner.z, y + corner.y, x + corner.x}];
  return patch;
}

TEST(DepthMap, OfAPatchIsThePatchOfTheMapAwayFromTheCutFaces) {
  const auto labels = test::randomLabels({40, 50, 90}, 11);
  const core::Index3 corner = {7, 9, 13};
  const core::Extent3 size = {24, 30, 66};
  const int cap = 5;
  const auto of_whole = cut(depthMap(labels, cap, core::Border::zero).view(), corner, size);
  const auto of_patch = depthMap(cut(labels, corner, size), cap, core::Border::replicate);
  for (std::int64_t z = cap; z < size.z - cap; ++z)
    for (std::int64_t y = cap; y < size.y - cap; ++y)
      for (std::int64_t x = cap; x < size.x - cap; ++x)
        ASSERT_EQ((of_patch[{z, y, x}]), (of_whole[{z, y, x}])) << z << " " << y << " " << x;
}

TEST(DepthMap, ZeroBorderIsIndexArithmeticOnTheReplicateMap) {
  std::uint32_t sample = 100;
  for (const auto& shape : test::awkwardShapes()) {
    const auto labels = test::randomLabels(shape, sample++);
    auto map = depthMap(labels, kLargestCap, core::Border::replicate);
    applyZeroBorder(map, {0, 0, 0}, shape);
    EXPECT_EQ(map.voxels, depthMap(labels, kLargestCap, core::Border::zero).voxels) << core::toString(shape);
  }
}

TEST(DepthMap, ZeroBorderOfAPatchIsThatOfTheWhole) {
  const core::Extent3 whole = {30, 20, 70}, size = {9, 11, 66};
  const core::Index3 corner = {21, 4, 0};
  const auto labels = test::randomLabels(whole, 5);
  auto patch = cut(depthMap(labels, 20, core::Border::replicate).view(), corner, size);
  applyZeroBorder(patch, corner, whole);
  EXPECT_EQ(patch.voxels, cut(depthMap(labels, 20, core::Border::zero).view(), corner, size).voxels);
}

TEST(DepthMap, DoesNotDependOnTheNumberOfThreads) {
  const int before = omp_get_max_threads();
  for (const core::Extent3& shape :
       {core::Extent3{33, 70, 130}, core::Extent3{5, 700, 40}, core::Extent3{2000, 4, 29}})
    for (const int cap : {6, 30}) {
      const auto labels = test::randomLabels(shape, 21);
      omp_set_num_threads(1);
      const auto alone = depthMap(labels, cap, core::Border::replicate);
      const auto alone_exact = exactDepthMap(labels, core::Border::zero);
      for (const int threads : {2, 3, 8}) {
        omp_set_num_threads(threads);
        EXPECT_EQ(depthMap(labels, cap, core::Border::replicate).voxels, alone.voxels)
            << threads << " threads";
        EXPECT_EQ(exactDepthMap(labels, core::Border::zero).voxels, alone_exact.voxels)
            << threads << " threads";
      }
    }
  omp_set_num_threads(before);
}

TEST(DepthMap, DeepVolumesAreExactBeyondAByte) {
  core::LabelVolume labels({1, 1, 1000});
  const auto zero = exactDepthMap(labels, core::Border::zero);
  for (std::int64_t x = 0; x < 1000; ++x) ASSERT_EQ((zero[{0, 0, x}]), std::min(x + 1, 1000 - x));
  labels[{0, 0, 0}] = 3;
  const auto replicate = exactDepthMap(labels, core::Border::replicate);
  EXPECT_EQ((replicate[{0, 0, 0}]), 1);
  for (std::int64_t x = 1; x < 1000; ++x) ASSERT_EQ((replicate[{0, 0, x}]), x);
}

TEST(DepthMap, AUniformVolumeIsInfinitelyDeep) {
  const core::LabelVolume labels({3, 20, 70}, 4);
  EXPECT_THAT(exactDepthMap(labels, core::Border::replicate).voxels, testing::Each(kInfiniteDepth));
  EXPECT_THAT(depthMap(labels, 254, core::Border::replicate).voxels, testing::Each(255));
  EXPECT_THAT(depthMap(labels, 30, core::Border::replicate).voxels, testing::Each(31));
  EXPECT_THAT(depthMap(labels, 6, core::Border::replicate).voxels, testing::Each(7));
}

TEST(DepthMap, RefusesWhatCannotBe) {
  const core::LabelVolume labels({2, 2, 2});
  EXPECT_THROW(depthMap(labels, 0, core::Border::zero), core::InputError);
  EXPECT_THROW(depthMap(labels, 255, core::Border::zero), core::InputError);
  EXPECT_THROW(depthMap(core::LabelVolume({0, 2, 2}), 3, core::Border::zero), core::InputError);
}

TEST(DepthMap, RefusesAVolumeTooLargeForMemoryWithItsSize) {
  const core::LabelView huge = {{100000, 100000, 100000}, nullptr};
  try {
    (void)exactDepthMap(huge, core::Border::zero);
    FAIL() << "no error";
  } catch (const core::InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("100000x100000x100000"));
    EXPECT_THAT(error.what(), testing::HasSubstr("GiB"));
  }
}

}  // namespace
}  // namespace rind::contour
