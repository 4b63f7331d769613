// Which files a volume is written to, and as which type.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "rind/core/error.h"
#include "rind/core/npy.h"
#include "rind/datasets/volume_io.h"
#include "rind/test_support/temporary_folder.h"
#include "written_data.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;
using testing::plainGrid;
using testing::writeLabelsOf;
using testing::writeText;

TEST(VolumeWriting, LabelsAreBytesWhereTheyFit) {
  const test_support::TemporaryFolder folder;
  core::Volume<std::uint16_t> labels({1, 1, 2});
  labels.voxels = {3, 255};
  writeLabels(folder / "a.npy", plainGrid(labels.size), labels);
  EXPECT_EQ(core::readNpy(folder / "a.npy").type, "u1");
  labels.voxels = {3, 256};
  writeLabels(folder / "a.npy", plainGrid(labels.size), labels);
  EXPECT_EQ(core::readNpy(folder / "a.npy").type, "u2");
  EXPECT_THROW(writeClassLabels(folder / "b.npy", plainGrid({1, 1, 2}), core::LabelVolume({1, 1, 2}),
                                core::makeLabelSet({{0, "background"}, {70000, "a"}})),
               core::InputError);
}

TEST(VolumeWriting, AHeadersVoxelsLieInAFileOfItsOwn) {
  const test_support::TemporaryFolder folder;
  writeText(folder / "a.raw", "mine");
  writeLabelsOf(folder / "a.nhdr", plainGrid({2, 3, 4}), {1});
  writeLabelsOf(folder / "a.mhd", plainGrid({2, 3, 4}), {2});
  EXPECT_EQ(readLabels(folder / "a.nhdr").labels.voxels[5], 1);
  EXPECT_EQ(readLabels(folder / "a.mhd").labels.voxels[5], 2);
  EXPECT_EQ(fs::file_size(folder / "a.raw"), 4U);
  for (const std::string name : {"a.nhdr", "a.mhd"}) {
    const fs::path data = folder / (name + ".raw");
    EXPECT_THAT(filesWritten(folder / name), ::testing::ElementsAre(folder / name, data));
    EXPECT_THAT(detachedDataOf(folder / name), ::testing::ElementsAre(data));
  }
  EXPECT_THAT(filesWritten("a.nrrd"), ::testing::ElementsAre(fs::path("a.nrrd")));
  EXPECT_THAT(detachedDataOf(folder / "a.raw"), ::testing::IsEmpty());
}

TEST(VolumeWriting, NoOldHeaderStandsBesideNewVoxels) {
  const test_support::TemporaryFolder folder;
  writeLabelsOf(folder / "a.mhd", plainGrid({2, 3, 4}), {1});
  fs::remove(folder / "a.mhd.raw");
  fs::create_directory(folder / "a.mhd.raw");  // the new voxels cannot be put there
  EXPECT_THROW(writeLabelsOf(folder / "a.mhd", plainGrid({2, 3, 4}), {2}), core::InputError);
  EXPECT_FALSE(fs::exists(folder / "a.mhd"));
}

TEST(VolumeWriting, TheExtensionsCaseDoesNotMatter) {
  const test_support::TemporaryFolder folder;
  writeLabelsOf(folder / "A.NII.GZ", plainGrid({2, 3, 4}), {1});
  std::ifstream file(folder / "A.NII.GZ", std::ios::binary);
  EXPECT_EQ(file.get(), 0x1f);  // gzip's first byte
  EXPECT_TRUE(isWritableVolume("A.NII.GZ"));
  EXPECT_FALSE(isWritableVolume("a.dcm"));
}

}  // namespace
}  // namespace rind::datasets
