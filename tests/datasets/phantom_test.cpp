#include "rind/datasets/phantom.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "rind/datasets/preparation.h"
#include "rind/test_support/temporary_folder.h"

namespace rind::datasets {
namespace {

/// FNV-1a, 64 bits.
std::uint64_t hashOf(const void* data, std::size_t bytes) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (std::size_t i = 0; i < bytes; ++i)
    hash = (hash ^ static_cast<const unsigned char*>(data)[i]) * 1099511628211ULL;
  return hash;
}

std::uint64_t hashOf(const PhantomCase& phantom) {
  return hashOf(phantom.image.data(), phantom.image.size() * sizeof(float)) ^
         hashOf(phantom.labels.voxels.data(), phantom.labels.voxels.size());
}

TEST(Phantom, IsTheSameBytesEverywhere) {
  EXPECT_EQ(hashOf(renderPhantom({"amos", 2, {24, 32, 32}, 7}, 1)), 15528050093350624405ULL);
  EXPECT_EQ(hashOf(renderPhantom({"brats", 2, {24, 32, 32}, 7}, 1)), 9952520128886760707ULL);
}

TEST(Phantom, SeedAndIndexMakeOtherPatients) {
  const auto hash = [](std::uint64_t seed, std::uint32_t index) {
    return hashOf(renderPhantom({"amos", 2, {16, 24, 24}, seed}, index));
  };
  EXPECT_NE(hash(1, 0), hash(1, 1));
  EXPECT_NE(hash(1, 0), hash(2, 0));
}

TEST(Phantom, EveryPatientHasAllFifteenOrgans) {
  for (std::uint32_t i = 0; i < 6; ++i) {
    const PhantomCase phantom = renderPhantom({"amos", 24, {48, 64, 64}, 1}, i);
    std::array<int, 256> counts = {};
    for (const auto label : phantom.labels.voxels) ++counts[label];
    for (std::size_t k = 1; k <= 15; ++k) EXPECT_GE(counts[k], 20) << "organ " << k << " of patient " << i;
    for (std::size_t k = 16; k < 256; ++k) EXPECT_EQ(counts[k], 0);
  }
}

TEST(Phantom, OrgansLieWhereTheyBelong) {
  const PhantomCase phantom = renderPhantom({"amos", 1, {48, 64, 64}, 3}, 0);
  std::array<std::array<double, 4>, 16> sum = {};
  for (std::int64_t z = 0; z < 48; ++z)
    for (std::int64_t y = 0; y < 64; ++y)
      for (std::int64_t x = 0; x < 64; ++x) {
        auto& s = sum[phantom.labels[{z, y, x}]];
        s[0] += static_cast<double>(x), s[1] += static_cast<double>(y), s[2] += static_cast<double>(z),
            s[3] += 1;
      }
  const auto mean = [&](std::size_t organ, std::size_t axis) { return sum[organ][axis] / sum[organ][3]; };
  EXPECT_LT(mean(6, 0), mean(1, 0));    // liver right of the spleen (x grows to the left)
  EXPECT_LT(mean(2, 0), mean(3, 0));    // right kidney, left kidney
  EXPECT_GT(mean(6, 2), mean(14, 2));   // liver above the bladder
  EXPECT_LT(mean(14, 1), mean(15, 1));  // bladder before the prostate
  EXPECT_GT(mean(11, 2), mean(2, 2));   // adrenal glands above the kidneys
  EXPECT_GT(mean(12, 2), mean(3, 2));
}

TEST(Phantom, TumourIsNestedAndTheOutsideIsZero) {
  const PhantomCase phantom = renderPhantom({"brats", 1, {48, 64, 64}, 1}, 0);
  EXPECT_EQ(phantom.channels, 4);
  EXPECT_EQ(phantom.image[0], 0);
  for (const auto value : phantom.image) ASSERT_EQ(value, std::floor(value));
  // A necrotic voxel touches necrosis or the rim, never healthy tissue or edema alone.
  std::array<int, 4> counts = {};
  for (const auto label : phantom.labels.voxels) ++counts[label];
  EXPECT_GT(counts[2], counts[3]);
  EXPECT_GT(counts[3], counts[1]);
  EXPECT_GT(counts[1], 10);
}

TEST(Phantom, IsPreparedLikeAnyDataSet) {
  const test_support::TemporaryFolder folder;
  const DataSet data = openDataSet("phantom:amos,cases=3,size=24x32x32,seed=5");
  EXPECT_EQ(data.labels.size(), 16U);
  EXPECT_EQ(data.labels[15].name, "prostate/uterus");
  EXPECT_EQ(chooseSplit(data, "", 0.34, 1).validation.size(), 1U);
  PrepareOptions options;
  options.cache = folder.path();
  options.preprocessing = data.preprocessing;
  const core::FolderCaseSource source(prepare(data, {"phantom_001", "phantom_003"}, options));
  const core::PreparedCase third = source.open(1);
  const PhantomCase direct = renderPhantom(*data.phantom, 2);
  EXPECT_TRUE(
      std::equal(third.labels.data, third.labels.data + third.labels.count(), direct.labels.voxels.begin()));
}

}  // namespace
}  // namespace rind::datasets
