// DICOM folders as scanners and archives leave them: several series in one folder, packed pixels,
// segmentations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rind/core/error.h"
#include "rind/datasets/check.h"
#include "rind/datasets/data_set.h"
#include "rind/datasets/volume_io.h"
#include "rind/test_support/temporary_folder.h"
#include "written_dicom.h"

namespace rind::datasets {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing::writeDicom;
using testing::WrittenSlice;

WrittenSlice sliceOf(const std::string& series, int z) {
  WrittenSlice slice;
  slice.series = series;
  slice.z = z;
  for (int i = 0; i < slice.rows * slice.columns; ++i)
    slice.voxels.push_back(static_cast<std::uint16_t>(1000 * z + i));
  return slice;
}

class DicomFolderOf : public ::testing::Test {
 protected:
  test_support::TemporaryFolder folder_;
};

TEST_F(DicomFolderOf, SeveralSeriesIsSeveralCases) {
  for (int z = 0; z < 3; ++z) {
    writeDicom(folder_ / ("a" + std::to_string(9 - z) + ".dcm"), sliceOf("1.2.3.1", z));
    writeDicom(folder_ / ("b" + std::to_string(z) + ".dcm"), sliceOf("1.2.3.2", 2 * z));
  }
  const DataSet data = openDataSet(folder_.path().string());
  ASSERT_THAT(data.cases, SizeIs(2));
  const Image first = readImage(data.cases[0].images.front()),
              second = readImage(data.cases[1].images.front());
  EXPECT_EQ(first.geometry.size, (core::Extent3{3, 4, 6}));
  EXPECT_DOUBLE_EQ(first.geometry.spacing.z, 1);
  EXPECT_DOUBLE_EQ(second.geometry.spacing.z, 2);
  EXPECT_EQ(first.voxels[24], 1000);
  EXPECT_EQ(second.voxels[24 + 5], 2005);
}

TEST_F(DicomFolderOf, PackedPixelsIsReadLikePlainOnes) {
  for (int z = 0; z < 2; ++z) {
    WrittenSlice slice = sliceOf("1.2.3.1", z);
    slice.run_length = z == 1;
    writeDicom(folder_ / ("slice " + std::to_string(z)), slice);
  }
  const Image image = readImage(folder_.path());
  ASSERT_THAT(image.voxels, SizeIs(48));
  EXPECT_EQ(image.voxels[23], 23);
  EXPECT_EQ(image.voxels[24], 1000);
  EXPECT_EQ(image.voxels[47], 1023);
}

TEST_F(DicomFolderOf, ImagesAndASegmentationSaysThatItIsNotRead) {
  for (int z = 0; z < 2; ++z) writeDicom(folder_ / (std::to_string(z) + ".dcm"), sliceOf("1.2.3.1", z));
  WrittenSlice segmentation = sliceOf("1.2.3.9", 0);
  segmentation.sop_class = "1.2.840.10008.5.1.4.1.1.66.4";
  writeDicom(folder_ / "seg.dcm", segmentation);
  const DataSet data = openDataSet(folder_.path().string());
  EXPECT_THAT(data.cases, SizeIs(1));
  EXPECT_THAT(data.unread_segmentations, ElementsAre("seg.dcm"));
  EXPECT_THAT(check(data, {}).problems,
              Contains(Field(&Problem::what, HasSubstr("seg.dcm is a DICOM segmentation"))));
  EXPECT_EQ(readImage(folder_.path()).geometry.size.z, 2);
  EXPECT_THAT([&] { readImage(folder_ / "seg.dcm"); },
              ::testing::ThrowsMessage<core::InputError>(HasSubstr("DICOM segmentation (SEG)")));
}

TEST_F(DicomFolderOf, ImagesAndOtherObjectsSetsTheOthersAside) {
  for (int z = 0; z < 2; ++z) writeDicom(folder_ / (std::to_string(z) + ".dcm"), sliceOf("1.2.3.1", z));
  WrittenSlice report = sliceOf("1.2.3.8", 0), screenshot = sliceOf("1.2.3.9", 0);
  report.sop_class = "1.2.840.10008.5.1.4.1.1.88.11";
  report.pixels = false;
  screenshot.sop_class = "1.2.840.10008.5.1.4.1.1.7";
  screenshot.samples = 3;
  screenshot.voxels.resize(3 * screenshot.voxels.size());
  writeDicom(folder_ / "report.dcm", report);
  writeDicom(folder_ / "screenshot.dcm", screenshot);
  const DataSet data = openDataSet(folder_.path().string());
  EXPECT_THAT(data.cases, SizeIs(1));
  EXPECT_THAT(data.no_images, ElementsAre("report.dcm holds no pixels", "screenshot.dcm is a colour image"));
  EXPECT_THAT(check(data, {}).problems,
              Contains(Field(&Problem::what, HasSubstr("set aside: 2, the first report.dcm"))));
  EXPECT_EQ(readImage(folder_.path()).geometry.size.z, 2);
  EXPECT_THAT([&] { readImage(folder_ / "report.dcm"); },
              ::testing::ThrowsMessage<core::InputError>(HasSubstr("report.dcm: holds no pixels; ")));
}

TEST_F(DicomFolderOf, SeveralFilesOfSeveralFramesIsRefused) {
  for (int z = 0; z < 2; ++z) {
    WrittenSlice frames = sliceOf("1.2.3.1", 2 * z);
    frames.frames = 2;
    frames.voxels.resize(2 * frames.voxels.size());
    writeDicom(folder_ / (std::to_string(z) + ".dcm"), frames);
  }
  EXPECT_THAT([&] { readImage(folder_.path()); }, ::testing::ThrowsMessage<core::InputError>(
                                                      HasSubstr("holds several frames beside other files")));
}

}  // namespace
}  // namespace rind::datasets
