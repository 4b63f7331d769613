#include "rind/datasets/case_slice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "rind/core/error.h"
#include "rind/datasets/phantom.h"
#include "rind/datasets/volume_io.h"
#include "rind/test_support/temporary_folder.h"
#include "written_data.h"

namespace rind::datasets {
namespace {

using testing::obliqueGrid;
using testing::plainGrid;
using testing::writeLabelsOf;
using testing::writeRamp;

const std::atomic<bool> kGoOn{false};

/// An image that is a ramp, with or without labels, as a data set of one case with classes 0, 1 and 7.
class CaseSlices : public ::testing::Test {
 protected:
  CaseSlices() {
    data.labels = core::makeLabelSet({{0, "background"}, {1, "one"}, {7, "seven"}});
    files.id = "case";
    files.images = {folder / "image.nii.gz"};
    data.cases = {files};
  }

  CaseSlice cutAlong(int axis) {
    return readSlice(
        data, files, [axis](const core::Geometry&) { return axis; }, kGoOn);
  }

  test_support::TemporaryFolder folder;
  DataSet data;
  CaseFiles files;
};

TEST_F(CaseSlices, GoThroughTheMiddleWhereNothingIsLabelled) {
  writeRamp(files.images[0], plainGrid({5, 2, 3}), 100);
  const CaseSlice slice = cutAlong(0);
  EXPECT_EQ(slice.geometry.size, (core::Extent3{1, 2, 3}));
  EXPECT_THAT(slice.image, ::testing::ElementsAre(112, 113, 114, 115, 116, 117));
  EXPECT_THAT(slice.labels, ::testing::Each(0));
}

TEST_F(CaseSlices, GoWhereHalfOfTheLabelsLieBefore) {
  const auto grid = plainGrid({2, 3, 4});
  writeRamp(files.images[0], grid);
  files.labels = folder / "labels.nii.gz";
  //                                   x = 3 holds most
  writeLabelsOf(files.labels, grid, {0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 1,  //
                                     0, 1, 0, 7, 0, 0, 0, 0, 0, 0, 0, 1});
  const CaseSlice slice = cutAlong(2);
  EXPECT_EQ(slice.geometry.size, (core::Extent3{2, 3, 1}));
  EXPECT_THAT(slice.image, ::testing::ElementsAre(3, 7, 11, 15, 19, 23));
  EXPECT_THAT(slice.labels, ::testing::ElementsAre(2, 1, 1, 2, 0, 1)) << "class indices, not values";
}

TEST_F(CaseSlices, LieInThePatientWhereTheVolumeHasThem) {
  const auto grid = obliqueGrid();
  writeRamp(files.images[0], grid);
  const CaseSlice slice = cutAlong(1);
  const auto place = core::pointAlong(grid, {0, static_cast<double>(grid.size.y / 2) * grid.spacing.y, 0});
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(slice.geometry.origin[i], place[i], 1e-3);
  EXPECT_EQ(slice.geometry.size.y, 1);
}

TEST_F(CaseSlices, HoldNoVoxelThatIsNoNumber) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> voxels = {1, nan, std::numeric_limits<float>::infinity(), 4};
  writeFloats(files.images[0], plainGrid({1, 2, 2}), 1, voxels.data());
  EXPECT_THAT(cutAlong(0).image, ::testing::ElementsAre(1, 0, 0, 4));
}

TEST_F(CaseSlices, OfAPhantomAreItsOwn) {
  data = openDataSet("phantom:amos,cases=2,size=16x24x24");
  files = data.cases[1];
  const CaseSlice slice = cutAlong(0);
  const PhantomCase whole = renderPhantom(*data.phantom, 1);
  const double up = slice.geometry.origin[2] - whole.geometry.origin[2];
  const auto at = std::lround(up / whole.geometry.spacing.z) * 24 * 24;
  EXPECT_TRUE(std::equal(slice.labels.begin(), slice.labels.end(), whole.labels.voxels.begin() + at));
  EXPECT_TRUE(std::equal(slice.image.begin(), slice.image.end(), whole.image.begin() + at));
  EXPECT_GT(*std::max_element(slice.labels.begin(), slice.labels.end()), 0);
}

TEST_F(CaseSlices, AreRefusedWhereFilesDoNotFitAndStopWhenTold) {
  writeRamp(files.images[0], plainGrid({4, 4, 4}));
  files.labels = folder / "labels.nii.gz";
  EXPECT_THROW(cutAlong(0), core::InputError) << "there are none";
  writeLabelsOf(files.labels, plainGrid({4, 4, 5}), {0, 1});
  EXPECT_THROW(cutAlong(0), core::InputError) << "of another size";
  writeLabelsOf(files.labels, plainGrid({4, 4, 4}), {0, 3});
  EXPECT_THROW(cutAlong(0), core::InputError) << "a value without a name";
  const std::atomic<bool> stop{true};
  EXPECT_THROW(readSlice(
                   data, files, [](const core::Geometry&) { return 0; }, stop),
               core::Interrupted);
}

}  // namespace
}  // namespace rind::datasets
