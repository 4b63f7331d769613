#include "rind/datasets/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "rind/datasets/volume_io.h"
#include "rind/test_support/shared_data.h"
#include "rind/test_support/temporary_folder.h"
#include "written_data.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using testing::plainGrid;
using testing::writeDecathlon;
using testing::writeLabelsOf;
using testing::writeRamp;
using testing::writeText;

/// Problems as "severity case what".
std::vector<std::string> problemsOf(const CheckReport& report) {
  std::vector<std::string> lines;
  for (const auto& problem : report.problems)
    lines.push_back(toString(problem.severity) + " " + problem.case_id + " " + problem.what);
  return lines;
}

class Checking : public ::testing::Test {
 protected:
  void SetUp() override { writeDecathlon(folder_.path(), 4); }
  std::vector<std::string> problems() const {
    return problemsOf(check(openDataSet(folder_.path().string()), {1, 3}));
  }
  fs::path image(int i) const { return folder_ / ("imagesTr/case_" + std::to_string(i) + ".nii.gz"); }
  fs::path labels(int i) const { return folder_ / ("labelsTr/case_" + std::to_string(i) + ".nii.gz"); }

  test_support::TemporaryFolder folder_;
};

TEST_F(Checking, CountsVoxelsAndBand) {
  core::LabelVolume block({8, 9, 10});
  for (std::int64_t z = 2; z < 7; ++z)
    for (std::int64_t y = 2; y < 7; ++y)
      for (std::int64_t x = 2; x < 7; ++x) block[{z, y, x}] = 1;
  writeLabels(labels(0), plainGrid(block.size), block);
  const CheckReport report = check(openDataSet(folder_.path().string()), {1, 3});
  ASSERT_EQ(report.cases.size(), 4U);
  EXPECT_EQ(report.cases[0].voxels_per_class, (std::vector<std::int64_t>{720 - 125, 125, 0}));
  EXPECT_DOUBLE_EQ(report.cases[0].band_share[1], 98.0 / 125);
  EXPECT_EQ(report.cases[0].orientation, "LPS");
  EXPECT_EQ(report.cases[0].highest, 720);
  EXPECT_FALSE(report.hasErrors());
}

TEST_F(Checking, FindsWhatSpoilsATraining) {
  writeLabelsOf(labels(0), plainGrid({8, 9, 11}), {0, 1});
  writeLabelsOf(labels(1), plainGrid({8, 9, 10}), {0, 7});
  std::vector<float> constant(720, 3.0F);
  writeFloats(image(2), plainGrid({8, 9, 10}), 1, constant.data());
  constant[5] = std::numeric_limits<float>::quiet_NaN();
  writeFloats(image(3), plainGrid({8, 9, 10}), 1, constant.data());
  const auto found = problems();
  EXPECT_THAT(found, Contains(HasSubstr("error case_0 has 8x9x11 voxels where its image has 8x9x10")));
  EXPECT_THAT(found, Contains(::testing::AllOf(HasSubstr("error case_1"), HasSubstr("label value 7"))));
  EXPECT_THAT(found,
              Contains(::testing::AllOf(HasSubstr("error case_2"), HasSubstr("same value everywhere"))));
  EXPECT_THAT(found, Contains(::testing::AllOf(HasSubstr("error case_3"), HasSubstr("not a number"))));
}

TEST_F(Checking, FindsFilesThatMissOrAreCutShort) {
  fs::resize_file(image(0), fs::file_size(image(0)) - 20);
  fs::remove(labels(1));
  fs::remove(image(2));
  const auto found = problems();
  EXPECT_THAT(found, Contains(::testing::AllOf(HasSubstr("error case_0"), HasSubstr("cut short"))));
  EXPECT_THAT(found, Contains(::testing::AllOf(HasSubstr("error case_1"), HasSubstr("does not exist"))));
  EXPECT_THAT(found, Contains(::testing::AllOf(HasSubstr("error case_2"), HasSubstr("does not exist"))));
}

TEST_F(Checking, FindsDuplicatesAndOddSpacings) {
  fs::copy_file(image(0), image(1), fs::copy_options::overwrite_existing);
  core::Geometry thick = plainGrid({8, 9, 10});
  thick.spacing.z = 5;
  writeRamp(image(3), thick, 77);
  writeLabelsOf(labels(3), thick, {0, 1, 2});
  const auto found = problems();
  EXPECT_THAT(found, Contains(HasSubstr("warning case_1 its image is the same as that of case_0")));
  EXPECT_THAT(found, Contains(HasSubstr("warning case_3 its spacing along z")));
}

TEST_F(Checking, FindsLabelsThatLieElsewhere) {
  core::Geometry shifted = plainGrid({8, 9, 10});
  shifted.origin[0] = 40;
  writeLabelsOf(labels(0), shifted, {0, 1, 2});
  EXPECT_THAT(problems(), Contains(HasSubstr("error case_0 lies 40")));
}

TEST(CheckingRealData, HippocampusHasNoErrors) {
  RIND_REQUIRE_SHARED("data/Task04_Hippocampus");
  const auto report =
      check(openDataSet((test_support::sharedFolder() / "data/Task04_Hippocampus").string()), {});
  EXPECT_EQ(report.cases.size(), 200U);
  EXPECT_FALSE(report.hasErrors());
  EXPECT_THAT(problemsOf(report), Contains(HasSubstr("Anterior (200 of 200 cases)")));
}

}  // namespace
}  // namespace rind::datasets
