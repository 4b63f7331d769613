#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <zlib.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "rind/core/error.h"
#include "rind/datasets/parallel.h"
#include "rind/datasets/volume_io.h"
#include "rind/test_support/shared_data.h"
#include "rind/test_support/temporary_folder.h"
#include "written_data.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;
using testing::plainGrid;
using testing::writeLabelsOf;
using testing::writeText;

std::string bytesOf(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The error names the file, and says what is wrong in one line.
void expectRefused(const fs::path& file, const std::string& what) {
  try {
    readImage(file);
    ADD_FAILURE() << what << " was read";
  } catch (const core::InputError& error) {
    EXPECT_EQ(error.where(), file.string()) << what;
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << what;
  }
}

TEST(MalformedNrrd, AListOfDataFilesIsReadWhereItIsWhole) {
  const test_support::TemporaryFolder folder;
  const std::string header =
      "NRRD0004\ntype: uint8\ndimension: 3\nspace: left-posterior-superior\nsizes: 2 2 3\n"
      "space directions: (1,0,0) (0,1,0) (0,0,1)\nencoding: raw\nspace origin: (0,0,0)\ndata file: LIST";
  for (const char* name : {"a.raw", "b.raw", "c.raw"}) writeText(folder / name, std::string(4, name[0]));
  writeText(folder / "whole.nhdr", header + "\na.raw\nb.raw\nc.raw\n");
  const Image image = readImage(folder / "whole.nhdr");
  EXPECT_EQ(image.voxels.front(), 'a');
  EXPECT_EQ(image.voxels.back(), 'c');
  for (const char* rest :
       {"\n", "\na.raw\n", "\na.raw\nb.raw\nd.raw\n", " 7\na.raw\nb.raw\nc.raw\n", " x\na.raw\n"}) {
    writeText(folder / "bad.nhdr", header + rest);
    expectRefused(folder / "bad.nhdr", rest);
  }
}

class Malformed : public ::testing::TestWithParam<std::string> {
 protected:
  test_support::TemporaryFolder folder_;
};

TEST_P(Malformed, EveryTruncationIsNoticed) {
  const fs::path whole = folder_ / ("whole" + GetParam());
  writeLabelsOf(whole, plainGrid({6, 7, 8}), {0, 1, 2, 3, 7});
  const std::string content = bytesOf(whole);
  const std::size_t step = std::max<std::size_t>(1, content.size() / 40);
  for (std::size_t cut = 0; cut < content.size(); cut += cut < 16 ? 1 : step) {
    const fs::path file = folder_ / ("cut" + GetParam());
    writeText(file, content.substr(0, cut));
    expectRefused(file, GetParam() + " cut at byte " + std::to_string(cut));
  }
  writeText(folder_ / ("cut" + GetParam()), content.substr(0, content.size() - 1));
  expectRefused(folder_ / ("cut" + GetParam()), "one byte less");
}

TEST_P(Malformed, FlippedBitsGiveAVolumeOrAClearError) {
  const fs::path whole = folder_ / ("whole" + GetParam());
  writeLabelsOf(whole, plainGrid({6, 7, 8}), {0, 1, 2, 3, 7});
  const std::string content = bytesOf(whole);
  const std::size_t header = std::min<std::size_t>(content.size(), 348);
  for (std::size_t at = 0; at < header; at += 3) {
    std::string flipped = content;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    const fs::path file = folder_ / ("flipped" + GetParam());
    writeText(file, flipped);
    try {
      const Image image = readImage(file);
      EXPECT_LE(image.voxels.size(), 336U * 16);
    } catch (const core::InputError& error) {
      EXPECT_EQ(error.where(), file.string());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, Malformed, ::testing::Values(".nii", ".nii.gz", ".nrrd", ".mha", ".npy"),
                         [](const auto& format) {
                           std::string name = format.param.substr(1);
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

/// A NIfTI-1 file whose header says something impossible.
class Nonsense : public ::testing::Test {
 protected:
  template <class T>
  void expectRefusedWith(std::size_t offset, T value, const std::string& what) {
    writeLabelsOf(file_, plainGrid({6, 7, 8}), {0, 1});
    std::string content = bytesOf(file_);
    std::memcpy(content.data() + offset, &value, sizeof value);
    writeText(file_, content);
    expectRefused(file_, what);
  }
  test_support::TemporaryFolder folder_;
  fs::path file_ = folder_ / "a.nii";
};

TEST_F(Nonsense, InEveryField) {
  for (const int axes : {0, -1, 1, 8, 300}) expectRefusedWith(40, static_cast<std::int16_t>(axes), "dim[0]");
  for (const std::size_t axis : {1U, 2U, 3U})
    for (const int extent : {0, -5, 32767})
      expectRefusedWith(40 + 2 * axis, static_cast<std::int16_t>(extent), "dim");
  for (const int type : {0, 1, 3, 32, 128, 2304, -2})
    expectRefusedWith(70, static_cast<std::int16_t>(type), "datatype");
  for (const std::size_t axis : {1U, 2U, 3U})
    for (const float spacing : {-1.0F, std::nanf(""), std::numeric_limits<float>::infinity()})
      expectRefusedWith(76 + 4 * axis, spacing, "pixdim");
  for (const float offset : {-1.0F, 4.0F, 1e30F, std::nanf("")}) expectRefusedWith(108, offset, "vox_offset");
  for (std::size_t k = 0; k < 12; ++k) expectRefusedWith(280 + 4 * k, std::nanf(""), "srow");
  expectRefusedWith(344, std::int32_t{0}, "magic");
  expectRefusedWith(0, std::int32_t{347}, "sizeof_hdr");
}

TEST(MalformedVolume, ABombIsRefusedBeforeItIsUnpacked) {
  const test_support::TemporaryFolder folder;
  writeLabelsOf(folder / "a.nii", plainGrid({6, 7, 8}), {0, 1});
  std::string content = bytesOf(folder / "a.nii");
  for (const std::size_t axis : {1U, 2U, 3U}) {
    const std::int16_t extent = 20000;  // 8 TB of voxels
    std::memcpy(content.data() + 40 + 2 * axis, &extent, 2);
  }
  const gzFile gz = gzopen((folder / "bomb.nii.gz").c_str(), "wb9");
  gzwrite(gz, content.data(), static_cast<unsigned>(content.size()));
  const std::string zeros(1 << 20, '\0');
  for (int i = 0; i < 32; ++i) gzwrite(gz, zeros.data(), static_cast<unsigned>(zeros.size()));
  gzclose(gz);
  expectRefused(folder / "bomb.nii.gz", "bomb");
}

TEST(MalformedVolume, ASizeThatOverflowsIsRefused) {
  const test_support::TemporaryFolder folder;
  writeText(folder / "a.nrrd",
            "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 4294967296 4294967296 4\nencoding: raw\n\nabcd");
  expectRefused(folder / "a.nrrd", "nrrd");
  writeText(folder / "a.mha",
            "ObjectType = Image\nNDims = 3\nDimSize = 1000000 1000000 1000\nElementType = "
            "MET_UCHAR\nElementDataFile = LOCAL\nabcd");
  expectRefused(folder / "a.mha", "mha");
  writeText(folder / "b.mha",
            "ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nElementSpacing = -1 1 1\nElementType = "
            "MET_UCHAR\nElementDataFile = LOCAL\nabcdefgh");
  expectRefused(folder / "b.mha", "spacing");
}

TEST(MalformedVolume, WhatIsNoFileIsNamed) {
  const test_support::TemporaryFolder folder;
  expectRefused(folder / "missing.nii.gz", "missing");
  expectRefused(folder.path(), "a folder without DICOM");
  fs::create_symlink(folder / "loop.nii", folder / "loop.nii");
  expectRefused(folder / "loop.nii", "a link to itself");
  fs::create_directory(folder / "folder.nrrd");
  expectRefused(folder / "folder.nrrd", "a folder with a volume's name");
  writeText(folder / "text.txt", "hello");
  expectRefused(folder / "text.txt", "text");
  for (const std::string name :
       {"empty.nii", "empty.nii.gz", "empty.nrrd", "empty.mha", "empty.npy", "empty.dcm"}) {
    writeText(folder / name, "");
    expectRefused(folder / name, name);
  }
}

TEST(MalformedVolume, ManyAtOnceAreAllRefused) {
  const test_support::TemporaryFolder folder;
  std::vector<fs::path> files;
  for (const std::string encoding : {"zip", "bz2", "hex", "gzip", "none", "7"}) {
    files.push_back(folder / (encoding + ".nrrd"));
    writeText(files.back(),
              "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 2 2 2\nencoding: " + encoding + "\n\nabc");
    files.push_back(folder / (encoding + ".mha"));
    writeText(files.back(),
              "ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nElementType = MET_UCHAR\nBinaryData = " +
                  encoding + "\nElementDataFile = LIST\nabc");
  }
  std::atomic<int> refused{0};
  constexpr int kRounds = 100;
  forEachInParallel(files.size() * kRounds, 4, [&](std::size_t i) {
    try {
      readImage(files[i % files.size()]);
    } catch (const core::InputError& error) {
      refused += error.where() == files[i % files.size()].string();
    }
  });
  EXPECT_EQ(refused, static_cast<int>(files.size()) * kRounds);
}

TEST(MalformedVolume, DicomThatIsCutShortIsRefused) {
  RIND_REQUIRE_SHARED("data/dicom");
  const std::string content = bytesOf(test_support::sharedFolder() / "data/dicom/mr_hippocrop/1.dcm");
  const test_support::TemporaryFolder folder;
  for (const std::size_t cut :
       {0UL, 131UL, 132UL, 140UL, 300UL, 700UL, content.size() / 2, content.size() - 100}) {
    writeText(folder / "a.dcm", content.substr(0, cut));
    EXPECT_THROW(readImage(folder / "a.dcm"), core::InputError) << cut << " of " << content.size();
  }
}

TEST(MalformedVolume, DicomSeriesWithAGapOrADuplicateIsRefused) {
  RIND_REQUIRE_SHARED("data/dicom");
  const fs::path source = test_support::sharedFolder() / "data/dicom/mr_hippocrop";
  const test_support::TemporaryFolder folder;
  for (const auto& entry : fs::directory_iterator(source))
    fs::copy(entry.path(), folder / entry.path().filename().string());
  fs::copy(folder / "7.dcm", folder / "again.dcm");
  EXPECT_THAT([&] { readImage(folder.path()); },
              ::testing::ThrowsMessage<core::InputError>(::testing::HasSubstr("one place")));
  fs::remove(folder / "again.dcm");
  fs::remove(folder / "7.dcm");
  EXPECT_THAT([&] { readImage(folder.path()); },
              ::testing::ThrowsMessage<core::InputError>(::testing::HasSubstr("missing")));
}

}  // namespace
}  // namespace rind::datasets
