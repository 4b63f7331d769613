#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rind/core/atomic_file.h"
#include "rind/core/nrrd.h"
#include "rind/datasets/data_set.h"
#include "rind/datasets/label_description.h"
#include "rind/datasets/slicer_segmentation.h"
#include "rind/datasets/volume_io.h"
#include "rind/test_support/temporary_folder.h"
#include "written_data.h"

namespace rind::datasets {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

core::LabelSet someLabels() {
  return core::makeLabelSet(
      {{0, "background"}, {2, "right kidney"}, {4, "what\nis \"this\""}, {9, "absent"}});
}

/// 2 in the corner box x 1–2, y 0, z 1; 4 in the last voxel.
core::LabelVolume someVoxels(const core::Extent3& size) {
  core::LabelVolume labels(size);
  labels[{1, 0, 1}] = labels[{1, 0, 2}] = 2;
  labels[{size.z - 1, size.y - 1, size.x - 1}] = 4;
  return labels;
}

TEST(SlicerSegmentation, NamesColoursAndTerminologyStandInTheHeader) {
  const test_support::TemporaryFolder folder;
  const auto grid = testing::obliqueGrid();
  writeSegmentation(folder / "a.seg.nrrd", grid, someVoxels(grid.size), someLabels());
  const std::string content = core::readFile(folder / "a.seg.nrrd");
  const std::string header = content.substr(0, content.find("\n\n"));
  EXPECT_THAT(header, HasSubstr("\nSegment0_Name:=right kidney\n"));
  EXPECT_THAT(header, HasSubstr("\nSegment0_LabelValue:=2\n"));
  EXPECT_THAT(header, HasSubstr("\nSegment0_Extent:=1 2 0 0 1 1\n"));
  EXPECT_THAT(header, HasSubstr("\nSegment0_Color:=0.858824 0.596078 0.254902\n"));
  EXPECT_THAT(header, HasSubstr("SCT^123037004^Anatomical Structure~SCT^64033007^Kidney~SCT^24028007^Right"));
  EXPECT_THAT(header, HasSubstr("\nSegment1_Name:=what is \"this\"\n"));
  EXPECT_THAT(header, HasSubstr("~SCT^85756007^Tissue~SCT^85756007^Tissue~^^~"));
  EXPECT_THAT(header, HasSubstr("\nSegment2_Extent:=0 -1 0 -1 0 -1\n"));
  EXPECT_THAT(header, Not(HasSubstr("Segment3_")));
}

TEST(SlicerSegmentation, ItsSegmentsAreReadBack) {
  const test_support::TemporaryFolder folder;
  const auto grid = testing::obliqueGrid();
  writeSegmentation(folder / "a.seg.nrrd", grid, someVoxels(grid.size), someLabels());
  auto labels = someLabels();
  labels.erase(labels.begin());  // the background is no segment
  labels[1].name = "what is \"this\"";
  EXPECT_EQ(readSegments(folder / "a.seg.nrrd"), labels);
  writeLabels(folder / "a.nii.gz", grid, someVoxels(grid.size));
  EXPECT_TRUE(readSegments(folder / "a.nii.gz").empty());
}

TEST(SlicerSegmentation, IsReadAsALabelMap) {
  const test_support::TemporaryFolder folder;
  const auto grid = testing::obliqueGrid();
  const auto voxels = someVoxels(grid.size);
  writeSegmentation(folder / "a.seg.nrrd", grid, voxels, someLabels());
  const LabelFile back = readLabels(folder / "a.seg.nrrd");
  EXPECT_TRUE(std::equal(voxels.voxels.begin(), voxels.voxels.end(), back.labels.voxels.begin()));
  EXPECT_NEAR(back.geometry.origin[0], grid.origin[0], 1e-6);
}

TEST(SlicerSegmentation, HasTheNameOfItsImage) {
  EXPECT_EQ(volumeStem("somewhere/Case 1.SEG.nrrd"), "Case 1");
  const test_support::TemporaryFolder folder;
  const auto grid = testing::obliqueGrid();
  writeSegmentation(folder / "case.seg.nrrd", grid, someVoxels(grid.size), someLabels());
  const std::vector<float> image(static_cast<std::size_t>(grid.size.voxels()), 1.0F);
  writeFloats(folder / "case.nrrd", grid, 1, image.data());
  const DataSet data = openDataSet(folder.path().string());
  ASSERT_EQ(data.cases.size(), 1U);
  EXPECT_EQ(data.cases[0].images.front().filename(), "case.nrrd");
  EXPECT_EQ(data.cases[0].labels.filename(), "case.seg.nrrd");
}

TEST(SlicerSegmentation, HoldsValuesThatAByteCannot) {
  const test_support::TemporaryFolder folder;
  const auto labels = core::makeLabelSet({{0, "background"}, {300, "a"}});
  core::LabelVolume classes({1, 1, 3});
  classes.voxels = {0, 1, 1};
  writeClassLabels(folder / "a.seg.nrrd", testing::plainGrid(classes.size), classes, labels);
  EXPECT_THAT(readLabels(folder / "a.seg.nrrd").labels.voxels, ::testing::ElementsAre(0, 300, 300));
  EXPECT_THAT(core::readFile(folder / "a.seg.nrrd"), HasSubstr("\nSegment0_Extent:=1 2 0 0 0 0\n"));
  EXPECT_EQ(readSegments(folder / "a.seg.nrrd").at(0).value, 300);
}

TEST(Compression, InPiecesIsWhole) {
  std::vector<std::uint8_t> bytes(100'000);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * i / 7 % 251);
  for (const std::size_t piece : {std::size_t{999}, core::kLargestPiece})
    EXPECT_EQ(core::decompress(core::compress(bytes.data(), bytes.size(), piece), bytes.size(), "x"), bytes);
}

TEST(LabelDescription, IsALineALabel) {
  const test_support::TemporaryFolder folder;
  writeLabelDescription(folder / "labels.txt", someLabels());
  const std::string text = core::readFile(folder / "labels.txt");
  EXPECT_THAT(text, HasSubstr("    0     0     0     0     0   0   0    \"Clear Label\"\n"));
  EXPECT_THAT(text, HasSubstr("    2   219   152    65     1   1   1    \"right kidney\"\n"));
  EXPECT_THAT(text, HasSubstr("\"what'is 'this'\"\n"));
}

}  // namespace
}  // namespace rind::datasets
