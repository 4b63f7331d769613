#include "rind/sampling/patch.h"

#include <ATen/Functions.h>
#include <gtest/gtest.h>

#include <set>

#include "rind/contour/depth_map.h"
#include "rind/core/error.h"
#include "rind/sampling/patch_loader.h"

namespace rind::sampling {
namespace {

/// Cases in memory: a box of class 1 in background, the image equal to each voxel's index.
class BoxCases : public core::CaseSource {
 public:
  explicit BoxCases(std::size_t count, std::size_t broken = 999) : count_(count), broken_(broken) {}
  std::size_t count() const override { return count_; }
  std::string id(std::size_t index) const override { return "box " + std::to_string(index); }
  core::PreparedCase open(std::size_t index) const override {
    if (index == broken_) throw core::InputError(id(index), "is broken", "mend it");
    const core::Extent3 size = {9, 14 + static_cast<std::int64_t>(index), 11};
    struct Memory {
      std::vector<float> image;
      core::LabelVolume labels;
      core::DepthVolume depth;
    };
    auto memory = std::make_shared<Memory>();
    memory->labels = core::LabelVolume(size);
    for (std::int64_t z = 3; z < 7; ++z)
      for (std::int64_t y = 4; y < 10; ++y)
        for (std::int64_t x = 0; x < 6; ++x) memory->labels[{z, y, x}] = 1;
    memory->depth = contour::depthMap(memory->labels, 254, core::Border::replicate);
    for (std::int64_t i = 0; i < size.voxels(); ++i) memory->image.push_back(static_cast<float>(i + 1));
    core::PreparedCase prepared;
    prepared.id = id(index);
    prepared.geometry.size = size;
    prepared.channels = 1;
    prepared.image = memory->image.data();
    prepared.labels = memory->labels;
    prepared.depth = memory->depth;
    prepared.memory = memory;
    return prepared;
  }

 private:
  std::size_t count_;
  std::size_t broken_;
};

const Augmentation kPlain = {0, 0};

PatchLoader::Plan loaderPlan(std::size_t cases, std::size_t first = 0) {
  return {{8, 8, 8}, {0.5, 0.5}, 2, 7, 1, epochSamples(std::vector<std::int64_t>(cases, 1), 7, 1), first};
}

}  // namespace

TEST(Patch, HoldsTheCasesVoxelsAndNothingElse) {
  const auto prepared = BoxCases(1).open(0);
  const Patch patch = cutPatch(prepared, {{4, 5, 6}, kPlain, 1, 0, 3});
  const auto first = static_cast<std::int64_t>(patch.image[0][0][0][0].item<float>()) - 1;
  for (std::int64_t z = 0; z < 4; ++z)
    for (std::int64_t y = 0; y < 5; ++y)
      for (std::int64_t x = 0; x < 6; ++x) {
        const std::int64_t from = first + (z * 14 + y) * 11 + x;
        ASSERT_EQ(patch.image[0][z][y][x].item<float>(), static_cast<float>(from + 1));
        ASSERT_EQ(patch.labels[z][y][x].item<std::uint8_t>(), prepared.labels.data[from]);
        ASSERT_EQ(patch.depth[z][y][x].item<std::uint8_t>(), prepared.depth.data[from]);
      }
}

TEST(Patch, ZeroBorderDepthEqualsTheZeroBorderMap) {
  const auto prepared = BoxCases(1).open(0);
  const auto zero = contour::depthMap(prepared.labels, 254, core::Border::zero);
  const Patch patch = cutPatch(prepared, {prepared.size(), kPlain, 1, 0, 0});
  EXPECT_EQ(0, std::memcmp(patch.depth_zero.data_ptr(), zero.voxels.data(), zero.voxels.size()));
}

TEST(Patch, LargerThanTheCaseIsPaddedAllRound) {
  const auto prepared = BoxCases(1).open(0);
  const Patch patch = cutPatch(prepared, {{16, 16, 16}, kPlain, 1, 0, 0});
  EXPECT_EQ(patch.labels.sum().item<std::int64_t>(), 4 * 6 * 6);
  EXPECT_EQ(patch.image[0][0][0][0].item<float>(), 0);
  EXPECT_EQ(patch.depth[0][0][0].item<std::uint8_t>(), 255);
  EXPECT_EQ(patch.image.count_nonzero().item<std::int64_t>(), prepared.size().voxels());
}

TEST(Patch, FlipsMoveImageLabelsAndDepthTogether) {
  const auto prepared = BoxCases(1).open(0);
  const Patch plain = cutPatch(prepared, {prepared.size(), kPlain, 1, 0, 0});
  const Patch flipped = cutPatch(prepared, {prepared.size(), {0, 1}, 1, 0, 0});
  EXPECT_TRUE(at::equal(flipped.image, plain.image.flip({2, 3})));
  EXPECT_TRUE(at::equal(flipped.labels, plain.labels.flip({1, 2})));
  EXPECT_TRUE(at::equal(flipped.depth, plain.depth.flip({1, 2})));
}

/// The share of a patch's voxels that are foreground, and the middle of them along y and x.
std::array<double, 3> foregroundOf(const Patch& patch) {
  const auto inside = patch.labels.ne(0).to(at::kDouble);
  const double count = inside.sum().item<double>();
  const auto middle = [&](std::int64_t axis) {
    const auto at = at::arange(patch.labels.size(axis), at::kDouble);
    const auto others = axis == 1 ? std::vector<std::int64_t>{0, 2} : std::vector<std::int64_t>{0, 1};
    return (inside.sum(others) * at).sum().item<double>() / count;
  };
  return {count / static_cast<double>(patch.labels.numel()), middle(1), middle(2)};
}

TEST(Patch, ZoomsAboutItsMiddleImageLabelsAndDepthTogether) {
  const auto prepared = BoxCases(1).open(0);
  const auto whole = foregroundOf(cutPatch(prepared, {prepared.size(), kPlain, 1, 0, 0}));
  double least = 1, most = 0;
  for (std::uint32_t number = 0; number < 40; ++number) {
    const Patch patch = cutPatch(prepared, {prepared.size(), {0, 0, 0.5, 1}, 1, 0, number});
    least = std::min(least, foregroundOf(patch)[0]);
    most = std::max(most, foregroundOf(patch)[0]);
    EXPECT_TRUE(at::equal(patch.labels.ne(0), patch.labels.ne(0) & patch.depth.gt(0)));
    // The image is linear in each voxel's place, so that its middle keeps its value.
    EXPECT_NEAR(patch.image[0][4].mean().item<float>(), 0, 700) << number;
  }
  EXPECT_LT(least, whole[0] * 0.85);
  EXPECT_GT(most, whole[0] * 1.15);
  EXPECT_GE(least, whole[0] * 0.8 * 0.8 * 0.7);
  EXPECT_LE(most, whole[0] * 1.25 * 1.25 * 1.3);
}

TEST(Patch, ChangesOfIntensityLeaveLabelsAndDepthAlone) {
  const auto prepared = BoxCases(1).open(0);
  const Patch plain = cutPatch(prepared, {prepared.size(), kPlain, 1, 0, 0});
  const Patch changed = cutPatch(prepared, {prepared.size(), {0, 0, 0.5, 0, 1}, 1, 0, 0});
  EXPECT_FALSE(at::equal(changed.image, plain.image));
  EXPECT_TRUE(at::equal(changed.labels, plain.labels));
  EXPECT_TRUE(at::equal(changed.depth, plain.depth));
  const Patch again = cutPatch(prepared, {prepared.size(), {0, 0, 0.5, 0, 1}, 1, 0, 0});
  EXPECT_TRUE(at::equal(changed.image, again.image)) << "a function of seed, epoch and number";
}

TEST(Patch, IsAFunctionOfSeedEpochAndNumber) {
  const auto prepared = BoxCases(1).open(0);
  const auto cut = [&](std::uint32_t epoch, std::uint32_t number) {
    return cutPatch(prepared, {{6, 6, 6}, {1, 0.5}, 1, epoch, number}).image;
  };
  EXPECT_TRUE(at::equal(cut(2, 5), cut(2, 5)));
  EXPECT_FALSE(at::equal(cut(2, 5), cut(3, 5)));
  EXPECT_FALSE(at::equal(cut(2, 5), cut(2, 6)));
}

TEST(Patch, AnySizeOfCaseAndPatchFits) {
  const auto prepared = BoxCases(1).open(0);
  for (std::int64_t z : {1, 9, 20})
    for (std::int64_t y : {1, 14, 20})
      for (std::int64_t x : {1, 11, 20}) {
        const Patch patch = cutPatch(prepared, {{z, y, x}, {1, 1}, 3, 1, 1});
        EXPECT_EQ(patch.labels.numel(), z * y * x);
      }
}

TEST(Schedule, EachEpochHoldsEverySampleOnceInAnotherOrder) {
  const auto first = epochSamples({1, 3, 2}, 5, 0);
  const auto second = epochSamples({1, 3, 2}, 5, 1);
  std::set<std::uint32_t> numbers;
  std::vector<int> by_case(3);
  bool other_order = false;
  for (std::size_t i = 0; i < first.size(); ++i) {
    numbers.insert(first[i].number);
    ++by_case[first[i].case_index];
    other_order |= first[i].number != second[i].number;
  }
  EXPECT_EQ(numbers.size(), 6U);
  EXPECT_EQ(by_case, (std::vector<int>{1, 3, 2}));
  EXPECT_TRUE(other_order);
}

TEST(PatchLoader, GivesTheSameBatchesFromTheMiddleOnAsFromTheStart) {
  const auto cases = std::make_shared<BoxCases>(5);
  PatchLoader whole(cases, loaderPlan(5));
  PatchLoader rest(cases, loaderPlan(5, 1));
  ASSERT_TRUE(whole.next());
  int batches = 1;
  while (auto batch = whole.next()) {
    const auto other = rest.next();
    ASSERT_TRUE(other);
    EXPECT_TRUE(at::equal(batch->image, other->image));
    ++batches;
  }
  EXPECT_FALSE(rest.next());
  EXPECT_EQ(batches, 3);
}

TEST(PatchLoader, ABrokenCaseIsNamedAndNothingHangs) {
  const auto cases = std::make_shared<BoxCases>(5, 3);
  PatchLoader loader(cases, loaderPlan(5));
  try {
    while (loader.next()) {
    }
    FAIL() << "the broken case was left out silently";
  } catch (const core::InputError& error) {
    EXPECT_EQ(error.where(), "box 3");
  }
}

TEST(PatchLoader, CanBeDroppedHalfWay) {
  const auto cases = std::make_shared<BoxCases>(5);
  for (int i = 0; i < 50; ++i) PatchLoader loader(cases, loaderPlan(5));
}

}  // namespace rind::sampling
