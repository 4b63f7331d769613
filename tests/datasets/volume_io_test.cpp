#include "rind/datasets/volume_io.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "rind/core/error.h"
#include "rind/core/npy.h"
#include "rind/test_support/shared_data.h"
#include "rind/test_support/temporary_folder.h"
#include "written_data.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;
using testing::obliqueGrid;
using testing::plainGrid;
using testing::writeLabelsOf;
using testing::writeRamp;
using testing::writeText;

void expectSameGrid(const core::Geometry& a, const core::Geometry& b, double tolerance) {
  EXPECT_EQ(a.size, b.size);
  EXPECT_NEAR(a.spacing.z, b.spacing.z, tolerance);
  EXPECT_NEAR(a.spacing.y, b.spacing.y, tolerance);
  EXPECT_NEAR(a.spacing.x, b.spacing.x, tolerance);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(a.origin[i], b.origin[i], 10 * tolerance);
  for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(a.direction[i], b.direction[i], tolerance);
}

class EveryFormat : public ::testing::TestWithParam<std::string> {
 protected:
  test_support::TemporaryFolder folder_;
};

TEST_P(EveryFormat, CarriesLabelsAndGrid) {
  const fs::path file = folder_ / ("lä bel" + GetParam());
  writeLabelsOf(file, obliqueGrid(), {0, 3, 255});
  const LabelFile back = readLabels(file);
  ASSERT_EQ(back.labels.voxels.size(), 210U);
  for (std::size_t i = 0; i < 210; ++i) ASSERT_EQ(back.labels.voxels[i], (std::array{0, 3, 255})[i % 3]);
  expectSameGrid(back.geometry, obliqueGrid(), 1e-6);
}

TEST_P(EveryFormat, CarriesDepth) {
  core::Volume<std::int16_t> depth(obliqueGrid().size);
  for (std::size_t i = 0; i < depth.voxels.size(); ++i)
    depth.voxels[i] = static_cast<std::int16_t>(32767 - i);
  writeDepth(folder_ / ("d" + GetParam()), obliqueGrid(), depth);
  const LabelFile back = readLabels(folder_ / ("d" + GetParam()));
  EXPECT_TRUE(std::equal(depth.voxels.begin(), depth.voxels.end(), back.labels.voxels.begin()));
}

TEST_P(EveryFormat, CarriesChannels) {
  std::vector<float> voxels(2 * 210);
  for (std::size_t i = 0; i < voxels.size(); ++i) voxels[i] = static_cast<float>(i) / 7;
  writeFloats(folder_ / ("p" + GetParam()), obliqueGrid(), 2, voxels.data());
  const Image back = readImage(folder_ / ("p" + GetParam()));
  EXPECT_EQ(back.channels, 2);
  EXPECT_THAT(back.voxels, ::testing::ElementsAreArray(voxels));
  EXPECT_EQ(back.geometry.size, obliqueGrid().size);
}

TEST_P(EveryFormat, CarriesLabelsThatAByteCannotHold) {
  const core::LabelSet labels = core::makeLabelSet({{0, "background"}, {7, "a"}, {60000, "b"}});
  core::LabelVolume classes(obliqueGrid().size);
  for (std::size_t i = 0; i < classes.voxels.size(); ++i)
    classes.voxels[i] = static_cast<std::uint8_t>(i % 3);
  writeClassLabels(folder_ / ("c" + GetParam()), obliqueGrid(), classes, labels);
  const LabelFile back = readLabels(folder_ / ("c" + GetParam()));
  ASSERT_EQ(back.labels.voxels.size(), 210U);
  for (std::size_t i = 0; i < 210; ++i) ASSERT_EQ(back.labels.voxels[i], (std::array{0, 7, 60000})[i % 3]);
}

INSTANTIATE_TEST_SUITE_P(, EveryFormat,
                         ::testing::Values(".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd"),
                         [](const auto& format) {
                           std::string name = format.param.substr(1);
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

TEST(VolumeIo, NumpyHasItsOwnSpacing) {
  const test_support::TemporaryFolder folder;
  writeLabelsOf(folder / "a.npy", plainGrid({2, 3, 4}), {1, 2});
  EXPECT_EQ(core::readNpy(folder / "a.npy").type, "u1");
  EXPECT_EQ(readLabels(folder / "a.npy").geometry.spacing, core::Spacing{});
  EXPECT_EQ(readLabels(folder / "a.npy", core::Spacing{3, 2, 1}).geometry.spacing, (core::Spacing{3, 2, 1}));
}

TEST(VolumeIo, MetaImageOfOneFileASlice) {
  const test_support::TemporaryFolder folder;
  const std::string head =
      "ObjectType = Image\nNDims = 3\nDimSize = 2 2 3\nElementType = MET_UCHAR\nElementDataFile = ";
  writeText(folder / "s08.raw", "abcd");
  writeText(folder / "s10.raw", "efgh");
  writeText(folder / "s12.raw", "ijkl");
  writeText(folder / "list.mhd", head + "LIST\ns08.raw\ns10.raw\r\ns12.raw\n");
  writeText(folder / "pattern.mhd", head + "s%02d.raw 8 12 2\n");
  for (const auto* name : {"list.mhd", "pattern.mhd"}) {
    const LabelFile read = readLabels(folder / name);
    ASSERT_EQ(read.labels.voxels.size(), 12U);
    for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(read.labels.voxels[i], 'a' + static_cast<int>(i)) << name;
  }
  fs::remove(folder / "s10.raw");
  EXPECT_THROW(readLabels(folder / "list.mhd"), core::InputError);
  for (const std::string files :
       {"LIST\ns08.raw\n", "LIST\n", "s%02d.raw 8 10 2", "s%02d.raw", "s%s.raw 1 3 1", "%99999d 1 3 1"}) {
    writeText(folder / "bad.mhd", head + files);
    EXPECT_THROW(readLabels(folder / "bad.mhd"), core::InputError) << files;
  }
}

TEST(VolumeIo, UnknownExtensionIsRefusedAndNothingWritten) {
  const test_support::TemporaryFolder folder;
  EXPECT_THROW(writeLabelsOf(folder / "a.tiff", plainGrid({2, 3, 4}), {1}), core::InputError);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

/// A NIfTI-1 file with fields changed after writing.
class NiftiFile : public ::testing::Test {
 protected:
  void SetUp() override { writeRamp(file_, obliqueGrid()); }

  template <class T>
  void put(std::size_t offset, T value) {
    std::fstream f(file_, std::ios::in | std::ios::out | std::ios::binary);
    f.seekp(static_cast<std::streamoff>(offset));
    f.write(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void putRow(std::size_t row, std::array<float, 4> values) {
    for (std::size_t k = 0; k < 4; ++k) put(280 + 16 * row + 4 * k, values[k]);
  }

  test_support::TemporaryFolder folder_;
  fs::path file_ = folder_ / "a.nii";
};

TEST_F(NiftiFile, QformAndSformAgree) {
  put(254, std::int16_t{0});  // only the qform is left
  const core::Geometry by_qform = readImage(file_).geometry;
  put(254, std::int16_t{1});
  put(252, std::int16_t{0});
  expectSameGrid(by_qform, readImage(file_).geometry, 1e-6);
}

TEST_F(NiftiFile, SformWinsAndTheDisagreementIsTold) {
  putRow(0, {2, 0, 0, 5});
  putRow(1, {0, 3, 0, 6});
  putRow(2, {0, 0, 4, 7});
  const Image image = readImage(file_);
  EXPECT_EQ(image.geometry.spacing, (core::Spacing{4, 3, 2}));
  EXPECT_EQ(image.geometry.origin, (std::array<double, 3>{-5, -6, 7}));
  EXPECT_THAT(image.notes, ::testing::ElementsAre(::testing::HasSubstr("disagree")));
}

TEST_F(NiftiFile, AxesOffByAHairAreMendedAndShearIsRefused) {
  put(252, std::int16_t{0});
  putRow(0, {-1, 0.004F, 0, 0});
  putRow(1, {0, 1, 0, 0});
  putRow(2, {0, 0, 1, 0});
  const Image image = readImage(file_);
  EXPECT_THAT(image.notes, ::testing::ElementsAre(::testing::HasSubstr("right angles")));
  const auto& d = image.geometry.direction;
  EXPECT_NEAR(d[0] * d[1] + d[3] * d[4] + d[6] * d[7], 0, 1e-12);
  putRow(0, {-1, 0.3F, 0, 0});
  EXPECT_THROW(readImage(file_), core::InputError);
}

TEST_F(NiftiFile, AShearThatMovesAFarCornerIsRefused) {
  writeRamp(file_, plainGrid({1, 300, 300}));
  put(252, std::int16_t{0});
  putRow(0, {-1, 0.004F, 0, 0});  // 0.6 mm over the whole image
  putRow(1, {0, 1, 0, 0});
  putRow(2, {0, 0, 1, 0});
  EXPECT_THAT([&] { readImage(file_); },
              ::testing::ThrowsMessage<core::InputError>(::testing::HasSubstr("voxels elsewhere")));
}

TEST_F(NiftiFile, SlopeInterceptAndUnitsCount) {
  put(112, 2.0F);
  put(116, -10.0F);
  put(123, std::uint8_t{3});  // micrometres
  const Image image = readImage(file_);
  EXPECT_EQ(image.voxels[3], -4);
  EXPECT_NEAR(image.geometry.spacing.z, 0.0025, 1e-9);
}

TEST_F(NiftiFile, NanIsNoLabel) {
  put(352, std::numeric_limits<float>::quiet_NaN());
  EXPECT_THROW(readLabels(file_), core::InputError);
  put(352, 0.5F);
  EXPECT_THROW(readLabels(file_), core::InputError);
  put(352, 4.0F);
  EXPECT_EQ(readLabels(file_).labels.voxels[0], 4);
}

TEST_F(NiftiFile, BigEndianAndVersion2AreTheSame) {
  const Image expected = readImage(file_);
  std::ifstream in(file_, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(in)), {});
  std::string second(544, '\0');
  const auto copy = [&](std::size_t to, const auto& value) {
    std::memcpy(second.data() + to, &value, sizeof value);
  };
  const auto at = [&]<class T>(std::size_t from, T) {
    T value;
    std::memcpy(&value, content.data() + from, sizeof value);
    return value;
  };
  copy(0, std::int32_t{540});
  std::memcpy(second.data() + 4, "n+2\0\r\n\032\n", 8);
  copy(12, at(70, std::int16_t{}));
  for (std::size_t i = 0; i < 8; ++i) copy(16 + 8 * i, std::int64_t{at(40 + 2 * i, std::int16_t{})});
  for (std::size_t i = 0; i < 8; ++i) copy(104 + 8 * i, double{at(76 + 4 * i, 0.0F)});
  copy(168, std::int64_t{544});
  copy(348, std::int32_t{1});
  for (std::size_t i = 0; i < 12; ++i) copy(400 + 8 * i, double{at(280 + 4 * i, 0.0F)});
  std::ofstream(folder_ / "two.nii", std::ios::binary) << second + content.substr(352);
  const Image two = readImage(folder_ / "two.nii");
  EXPECT_EQ(two.voxels, expected.voxels);
  expectSameGrid(two.geometry, expected.geometry, 1e-6);
}

TEST(RealVolumes, DicomIsSortedByPositionAndNotByName) {
  RIND_REQUIRE_SHARED("data/dicom");
  const fs::path data = test_support::sharedFolder() / "data/dicom";
  const Image crop = readImage(data / "mr_hippocrop");
  EXPECT_EQ(crop.geometry.size, (core::Extent3{32, 51, 35}));
  EXPECT_DOUBLE_EQ(crop.geometry.spacing.z, 1);
  // 10.dcm is the tenth slice by position, and the second by name.
  const Image by_file = readImage(data / "mr_hippocrop" / "10.dcm");
  EXPECT_EQ(by_file.voxels, crop.voxels);
  EXPECT_EQ(crop.geometry.origin[2], 1);
}

TEST(RealVolumes, ObliqueDicomStepIsTheDistanceOfItsPlanes) {
  RIND_REQUIRE_SHARED("data/dicom");
  const Image t1 = readImage(test_support::sharedFolder() / "data/dicom/mr_t1_oblique");
  EXPECT_EQ(t1.geometry.size, (core::Extent3{22, 320, 280}));
  // Positions step by (−0.0017, 1.2179, 6.3850) mm, along the normal: 6.500 mm (SliceThickness says 5).
  EXPECT_NEAR(t1.geometry.spacing.z, 6.5, 1e-3);
  EXPECT_NEAR(t1.geometry.direction[8], 0.9823, 1e-4);
}

TEST(RealVolumes, HippocampusLabelsOfEitherTypeAreIntegers) {
  RIND_REQUIRE_SHARED("data/Task04_Hippocampus");
  const fs::path labels = test_support::sharedFolder() / "data/Task04_Hippocampus/labelsTr";
  std::int32_t most = 0;
  for (const auto& entry : fs::directory_iterator(labels))
    for (const auto value : readLabels(entry.path()).labels.voxels) most = std::max(most, value);
  EXPECT_EQ(most, 2);
}

}  // namespace
}  // namespace rind::datasets
