#include "rind/datasets/preparation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <fstream>

#include "rind/contour/depth_map.h"
#include "rind/core/error.h"
#include "rind/datasets/normalisation.h"
#include "rind/datasets/resampling.h"
#include "rind/datasets/volume_io.h"
#include "rind/test_support/shared_data.h"
#include "rind/test_support/temporary_folder.h"
#include "written_data.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;
using testing::obliqueGrid;
using testing::plainGrid;
using testing::writeDecathlon;
using testing::writeLabelsOf;

TEST(Normalisation, ZScoreHasMeanZeroAndDeviationOne) {
  std::vector<float> voxels = {1e6F, 1e6F + 1, 1e6F + 2, 1e6F + 3};
  normalise(voxels.data(), voxels.size(), core::Normalisation::zscore);
  const float step = 1 / std::sqrt(1.25F);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(voxels[i], (static_cast<float>(i) - 1.5F) * step, 1e-6);
}

TEST(Normalisation, NonzeroLeavesTheOutsideAtZero) {
  std::vector<float> voxels = {0, 5, 0, 7};
  normalise(voxels.data(), voxels.size(), core::Normalisation::zscore_nonzero);
  EXPECT_THAT(voxels, ::testing::ElementsAre(0, -1, 0, 1));
}

TEST(Normalisation, CtIsClippedToItsPercentiles) {
  std::vector<float> voxels(1001);
  for (std::size_t i = 0; i < voxels.size(); ++i) voxels[i] = static_cast<float>(i);
  voxels[1000] = 1e6F;
  normalise(voxels.data(), voxels.size(), core::Normalisation::ct);
  EXPECT_FLOAT_EQ(voxels[1000], voxels[995]);
  EXPECT_FLOAT_EQ(voxels[0], voxels[5]);
  EXPECT_LT(voxels[5], voxels[6]);
}

TEST(Normalisation, AConstantBecomesZero) {
  std::vector<float> voxels(10, 0.1F);
  normalise(voxels.data(), voxels.size(), core::Normalisation::zscore);
  EXPECT_THAT(voxels, ::testing::Each(0));
}

TEST(Resampling, TheBoxStaysWhereItIs) {
  const core::Geometry before = obliqueGrid();
  const core::Geometry after = resampledGrid(before, {1.25, 0.75, 2.5});
  EXPECT_EQ(after.size, (core::Extent3{10, 6, 4}));
  // Outer corner: origin less half a step along each axis.
  for (std::size_t r = 0; r < 3; ++r) {
    const auto corner = [&](const core::Geometry& g) {
      return g.origin[r] - (g.direction[3 * r] * g.spacing.x + g.direction[3 * r + 1] * g.spacing.y +
                            g.direction[3 * r + 2] * g.spacing.z) /
                               2;
    };
    EXPECT_NEAR(corner(before), corner(after), 1e-12);
  }
}

TEST(Resampling, ALinearImageStaysLinear) {
  const core::Geometry from = plainGrid({6, 6, 6});
  const core::Geometry to = resampledGrid(from, {0.5, 0.5, 0.5});
  std::vector<float> voxels(216);
  for (std::size_t i = 0; i < 216; ++i)
    voxels[i] = static_cast<float>(i % 6) + 10 * static_cast<float>(i / 36);
  std::vector<float> out(1728);
  resampleImage(voxels.data(), from, to, core::Interpolation::linear, out.data());
  // Voxel (z 4, y 6, x 5) lies at z 1.75, x 2.25 of the old grid.
  EXPECT_NEAR(out[static_cast<std::size_t>((4 * 12 + 6) * 12 + 5)], 2.25 + 17.5, 1e-5);
}

/// Along each of the three axes in turn.
std::vector<std::vector<float>> splinesOf(const std::vector<float>& line, double spacing) {
  const auto n = static_cast<std::int64_t>(line.size());
  std::vector<std::vector<float>> all;
  for (const core::Extent3 size : {core::Extent3{n, 1, 1}, core::Extent3{1, n, 1}, core::Extent3{1, 1, n}}) {
    const core::Geometry from = plainGrid(size);
    const core::Geometry to =
        resampledGrid(from, {size.z > 1 ? spacing : 1, size.y > 1 ? spacing : 1, size.x > 1 ? spacing : 1});
    all.emplace_back(static_cast<std::size_t>(to.size.voxels()));
    resampleImage(line.data(), from, to, core::Interpolation::bspline, all.back().data());
  }
  return all;
}

TEST(Resampling, BSplinesAreThoseOfSciPy) {
  // scipy.ndimage.map_coordinates(line, [(i + 0.5) * spacing - 0.5], order=3, mode="mirror"), SciPy 1.17.
  for (const auto& out : splinesOf({3, 1, 4, 1, 5, 9, 2}, 0.5))
    EXPECT_THAT(
        out, ::testing::Pointwise(
                 ::testing::FloatNear(1e-4F),
                 (std::vector<float>{2.65343F, 2.65343F, 1.21028F, 1.56665F, 3.55234F, 3.59561F, 1.62722F,
                                     1.12903F, 3.29814F, 6.84141F, 9.2896F, 7.33347F, 2.90282F, 2.90282F})));
  for (const auto& out : splinesOf({2, 7}, 0.5))
    EXPECT_THAT(out, ::testing::Pointwise(::testing::FloatNear(1e-4F),
                                          (std::vector<float>{2.78125F, 2.78125F, 6.21875F, 6.21875F})));
  for (const auto& out : splinesOf({1, 5, 2}, 0.4))
    EXPECT_THAT(out, ::testing::Pointwise(::testing::FloatNear(1e-4F),
                                          (std::vector<float>{1.81675F, 1.10525F, 2.90625F, 4.82725F,
                                                              4.46225F, 2.69525F, 2.09075F, 3.59375F})));
}

TEST(Resampling, BSplinesAreLinearWhereTheGridIsCoarser) {
  for (const auto& out : splinesOf({1, 3, 5, 7, 9, 11}, 2))
    EXPECT_THAT(out,
                ::testing::Pointwise(::testing::FloatNear(1e-5F), (std::vector<float>{2.25F, 6.0F, 9.75F})));
}

TEST(Resampling, LabelsAreTheLargestOfTheirInterpolatedIndicators) {
  core::LabelVolume labels({1, 1, 3});
  labels.voxels = {4, 4, 2};
  const core::Geometry from = plainGrid(labels.size);
  core::Geometry to = resampledGrid(from, {1, 1, 1.0 / 3});
  const auto out = resampleLabels(labels, from, to);
  EXPECT_THAT(out.voxels, ::testing::ElementsAre(4, 4, 4, 4, 4, 4, 2, 2, 2));
}

class Preparing : public ::testing::Test {
 protected:
  void SetUp() override { writeDecathlon(folder_ / "data", 3); }
  DataSet open() const { return openDataSet((folder_ / "data").string()); }
  std::vector<core::FolderCaseSource::Entry> prepared(const core::Preprocessing& preprocessing = {}) const {
    PrepareOptions options;
    options.cache = folder_ / "cache";
    options.preprocessing = preprocessing;
    return prepare(open(), {"case_0", "case_1", "case_2"}, options);
  }
  test_support::TemporaryFolder folder_;
};

TEST_F(Preparing, ACaseComesBackAsItWasLoaded) {
  const DataSet data = open();
  const core::PreparedCase loaded = loadCase(data, data.cases[1], {});
  const core::PreparedCase kept = core::FolderCaseSource(prepared()).open(1);
  EXPECT_EQ(kept.id, "case_1");
  EXPECT_EQ(kept.geometry, loaded.geometry);
  ASSERT_EQ(kept.labels.count(), 720U);
  EXPECT_TRUE(std::equal(kept.image, kept.image + 720, loaded.image));
  EXPECT_TRUE(std::equal(kept.labels.data, kept.labels.data + 720, loaded.labels.data));
  const auto depth = contour::depthMap(kept.labels, 254, core::Border::replicate);
  EXPECT_TRUE(std::equal(depth.voxels.begin(), depth.voxels.end(), kept.depth.data));
}

TEST_F(Preparing, TheSecondTimeNothingIsTouched) {
  const auto first = prepared();
  std::vector<fs::file_time_type> times;
  for (const auto& entry : first) times.push_back(fs::last_write_time(entry.folder / "image.raw"));
  const auto second = prepared();
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].folder, second[i].folder);
    EXPECT_EQ(times[i], fs::last_write_time(second[i].folder / "image.raw"));
  }
}

TEST_F(Preparing, AChangedFileOrSettingIsNoticedAndNothingElseRedone) {
  const auto first = prepared();
  writeLabelsOf(folder_ / "data/labelsTr/case_1.nii.gz", plainGrid({8, 9, 10}), {0, 0, 0, 2, 1, 1, 0});
  const auto second = prepared();
  EXPECT_EQ(first[0].folder, second[0].folder);
  EXPECT_NE(first[1].folder, second[1].folder);
  EXPECT_NE(second[0].folder, prepared({core::Spacing{2, 2, 2}})[0].folder);
}

TEST_F(Preparing, ChangedVoxelsBesideAnUnchangedHeaderAreNoticed) {
  const fs::path image = folder_ / "a.mhd";
  testing::writeRamp(image, plainGrid({2, 3, 4}));
  const DataSet data = openDataSet(image.string());
  const auto before = fingerprintOf(data, data.cases.front());
  const fs::path voxels = folder_ / "a.mhd.raw";
  fs::last_write_time(voxels, fs::last_write_time(voxels) + std::chrono::hours(1));
  EXPECT_NE(fingerprintOf(data, data.cases.front()), before);
}

TEST_F(Preparing, ANameThatIsNoUtf8IsPrepared) {
  const fs::path folder = folder_ / "b\xff";
  writeDecathlon(folder, 1);
  PrepareOptions options;
  options.cache = folder_ / "cache";
  EXPECT_EQ(prepare(openDataSet(folder.string()), {"case_0"}, options).size(), 1U);
}

TEST_F(Preparing, VoxelsThatAreNoNumberAreSaidOfTheirChannelsFile) {
  std::vector<float> voxels(24, 1.0F);
  writeFloats(folder_ / "t1.nii", plainGrid({2, 3, 4}), 1, voxels.data());
  voxels[7] = std::nanf("");
  writeFloats(folder_ / "t2.nii", plainGrid({2, 3, 4}), 1, voxels.data());
  try {
    prepareImage({folder_ / "t1.nii", folder_ / "t2.nii"}, {});
    ADD_FAILURE() << "it was taken";
  } catch (const core::InputError& error) {
    EXPECT_EQ(error.where(), (folder_ / "t2.nii").string());
  }
}

TEST_F(Preparing, WhatWasMendedIsSaid) {
  const fs::path header = folder_ / "a.mhd";
  testing::writeText(folder_ / "a.raw", "abcdefgh");
  testing::writeText(
      header,
      "ObjectType = Image\nNDims = 3\nTransformMatrix = 1 0.001 0 0 1 0 0 0 1\nDimSize = 2 2 2\n"
      "ElementType = MET_UCHAR\nElementDataFile = a.raw\n");
  EXPECT_THAT(prepareImage({header}, {}).notes, ::testing::ElementsAre(::testing::HasSubstr("right angles")));
  const DataSet data = openDataSet(header.string());
  std::vector<std::string> notes;
  loadCase(data, data.cases.front(), {}, &notes);
  EXPECT_EQ(notes.size(), 1U);
}

TEST_F(Preparing, ADamagedCaseIsMadeAgain) {
  const auto first = prepared();
  fs::resize_file(first[0].folder / "image.raw", 10);
  EXPECT_NO_THROW(core::FolderCaseSource(prepared()).open(0));
}

TEST_F(Preparing, StopsWhenAskedAndKeepsWhatIsReady) {
  const std::atomic<bool> cancel{true};
  PrepareOptions options;
  options.cache = folder_ / "cache";
  options.cancel = &cancel;
  EXPECT_THROW(prepare(open(), {"case_0"}, options), core::Interrupted);
}

TEST_F(Preparing, ABadCaseLeavesNothingHalfWritten) {
  writeLabelsOf(folder_ / "data/labelsTr/case_2.nii.gz", plainGrid({8, 9, 10}), {0, 9});
  EXPECT_THROW(prepared(), core::InputError);
  for (const auto& entry : fs::directory_iterator(folder_ / "cache/cases"))
    EXPECT_NO_THROW(core::openPreparedCase(entry.path()));
}

TEST_F(Preparing, TheCacheCanBeMeasuredAndCleared) {
  prepared();
  EXPECT_GE(cacheBytes(folder_ / "cache"), 3U * 720 * 6);
  clearCache(folder_ / "cache");
  EXPECT_EQ(cacheBytes(folder_ / "cache"), 0U);
}

TEST_F(Preparing, APredictionLiesOnTheImagesOwnGrid) {
  testing::writeRamp(folder_ / "oblique.nii.gz", obliqueGrid());
  const PreparedImage image = prepareImage({folder_ / "oblique.nii.gz"}, {core::Spacing{1, 1, 1}});
  EXPECT_EQ(image.geometry.size, (core::Extent3{13, 5, 9}));
  EXPECT_EQ(image.image.size(), 13U * 5 * 9);
  EXPECT_EQ(toOriginalGrid(core::LabelVolume(image.geometry.size, 3), image).size, obliqueGrid().size);
  EXPECT_EQ(image.original, readImage(folder_ / "oblique.nii.gz").geometry);
}

TEST(PreparingRealData, BratsLabelsBecomeConsecutiveClasses) {
  RIND_REQUIRE_SHARED("data/BraTS2018");
  const DataSet data = openDataSet((test_support::sharedFolder() / "data/BraTS2018").string());
  const core::PreparedCase loaded = loadCase(data, data.cases[0], data.preprocessing);
  EXPECT_EQ(loaded.channels, 4);
  std::array<std::int64_t, 256> counts = {};
  for (std::size_t i = 0; i < loaded.labels.count(); ++i) ++counts[loaded.labels.data[i]];
  EXPECT_EQ(counts[1], 3398);
  EXPECT_EQ(counts[2], 30215);
  EXPECT_EQ(counts[3], 6159);
  EXPECT_EQ(loaded.image[0], 0);  // outside the brain
}

}  // namespace
}  // namespace rind::datasets
