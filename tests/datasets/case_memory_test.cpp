#include "rind/datasets/case_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "rind/datasets/parallel.h"
#include "rind/datasets/volume_io.h"
#include "rind/test_support/temporary_folder.h"
#include "written_data.h"

namespace rind::datasets {
namespace {

/// The most of 40 jobs of `bytes` that were ever inside at once.
int mostInside(double room, double bytes) {
  MemoryGate gate(room);
  std::atomic<int> inside{0}, most{0};
  forEachInParallel(40, 4, [&](std::size_t) {
    const MemoryGate::Pass pass(gate, bytes);
    const int now = ++inside;
    for (int before = most; before < now && !most.compare_exchange_weak(before, now);) {
    }
    --inside;
  });
  return most;
}

TEST(MemoryGate, LetsInWhatFits) {
  EXPECT_EQ(mostInside(10, 6), 1);
  EXPECT_LE(mostInside(13, 6), 2);
  EXPECT_EQ(mostInside(10, 100), 1);  // one alone always
  EXPECT_LE(mostInside(10, 0), 4);
}

class MemoryOf : public ::testing::TestWithParam<std::string> {};

TEST_P(MemoryOf, AFileIsThatOfItsFloatsThreeTimes) {
  const test_support::TemporaryFolder folder;
  const std::vector<float> voxels(2 * 24, 1.0F);
  writeFloats(folder / ("a" + GetParam()), testing::plainGrid({2, 3, 4}), 2, voxels.data());
  EXPECT_DOUBLE_EQ(memoryToRead(folder / ("a" + GetParam())), 3 * 4 * 48);
}

INSTANTIATE_TEST_SUITE_P(, MemoryOf, ::testing::Values(".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd"),
                         [](const auto& format) {
                           std::string name = format.param.substr(1);
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

TEST(MemoryOfACase, GrowsWithItsGrid) {
  const test_support::TemporaryFolder folder;
  testing::writeRamp(folder / "a.nii", testing::plainGrid({2, 3, 4}));
  const DataSet data{};
  const CaseFiles files{"a", {folder / "a.nii"}, {}};
  EXPECT_DOUBLE_EQ(memoryToRead(data, files), 3 * 4 * 24);
  EXPECT_DOUBLE_EQ(memoryToRead(data, files, core::Spacing{0.5, 0.5, 0.5}), 8 * 3 * 4 * 24);
  EXPECT_EQ(memoryToRead(folder / "missing.nii"), 0);
}

}  // namespace
}  // namespace rind::datasets
