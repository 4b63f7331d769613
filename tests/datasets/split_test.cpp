#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "rind/core/error.h"
#include "rind/datasets/folds.h"
#include "rind/test_support/temporary_folder.h"
#include "written_data.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::writeDecathlon;
using testing::writeText;

class Splitting : public ::testing::Test {
 protected:
  void SetUp() override { writeDecathlon(folder_.path(), 20); }
  DataSet open() const { return openDataSet(folder_.path().string()); }

  test_support::TemporaryFolder folder_;
};

TEST_F(Splitting, SeedDecidesAndEveryCaseIsOnOneSide) {
  const DataSet data = open();
  const Split one = chooseSplit(data, "", 0.2, 1), again = chooseSplit(data, "", 0.2, 1),
              two = chooseSplit(data, "", 0.2, 2);
  EXPECT_EQ(one.validation.size(), 4U);
  EXPECT_EQ(one.validation, again.validation);
  EXPECT_NE(one.validation, two.validation);
  std::set<std::string> all(one.training.begin(), one.training.end());
  all.insert(one.validation.begin(), one.validation.end());
  EXPECT_EQ(all.size(), 20U);
}

TEST_F(Splitting, FilesAreChecked) {
  const DataSet data = open();
  const fs::path file = folder_ / "split.json";
  const auto choose = [&](const std::string& json) {
    writeText(file, json);
    return chooseSplit(data, file.string(), 0.2, 1);
  };
  EXPECT_THAT(choose(R"({"training":["case_3"],"validation":["case_5"]})").validation, ElementsAre("case_5"));
  for (const std::string json :
       {"", "7", "[]", R"({"training":["case_3"]})", R"({"training":[],"validation":["case_5"]})",
        R"({"training":["case_3"],"validation":["case_3"]})",
        R"({"training":["nobody"],"validation":["case_3"]})", R"({"training":[7],"validation":["case_3"]})"})
    EXPECT_THROW(choose(json), core::InputError) << json;
  EXPECT_THROW(chooseSplit(data, (folder_ / "missing.json").string(), 0.2, 1), core::InputError);
}

TEST_F(Splitting, EveryCaseIsValidatedOnInOneFold) {
  const DataSet data = open();
  const auto folds = makeFolds(data, 3, 7);
  ASSERT_EQ(folds.size(), 3U);
  std::map<std::string, int> validated;
  for (const auto& fold : folds) {
    EXPECT_EQ(fold.training.size() + fold.validation.size(), 20U);
    EXPECT_GE(fold.validation.size(), 6U);
    for (const auto& id : fold.validation) ++validated[id];
  }
  EXPECT_EQ(validated.size(), 20U);
  EXPECT_EQ(makeFolds(data, 3, 7)[1].validation, folds[1].validation);
  EXPECT_NE(makeFolds(data, 3, 8)[1].validation, folds[1].validation);
  EXPECT_EQ(chooseSplit(data, "1/3", 0.2, 7).validation, folds[1].validation);
  for (const std::string wrong : {"3/3", "0/1", "0/21", "0/0"})
    EXPECT_THROW(chooseSplit(data, wrong, 0.2, 7), core::InputError) << wrong;
}

TEST_F(Splitting, FoldsAreWrittenAsNnunetReadsThem) {
  const DataSet data = open();
  const auto folds = makeFolds(data, 4, 1);
  const fs::path file = folder_ / "splits_final.json";
  writeSplits(file, folds);
  for (std::size_t k = 0; k < 4; ++k) {
    const Split back = chooseSplit(data, file.string() + ":" + std::to_string(k), 0.2, 9);
    EXPECT_EQ(back.training, folds[k].training);
    EXPECT_EQ(back.validation, folds[k].validation);
  }
}

TEST(Patients, AreNamedBeforeTheVisit) {
  const std::map<std::string, std::string> expected = {{"Brats18_CBICA_ABM_1", "Brats18_CBICA_ABM"},
                                                       {"BraTS-GLI-00001-000", "BraTS-GLI-00001"},
                                                       {"sub-01_ses-02", "sub-01"},
                                                       {"patient003_frame01", "patient003"},
                                                       {"P7_visit_2_t1", "P7"},
                                                       {"case_12", "case_12"},
                                                       {"scan_3", "scan_3"},
                                                       {"lung_session", "lung_session"},
                                                       {"amos_0001", "amos_0001"}};
  for (const auto& [id, patient] : expected) EXPECT_EQ(patientOf(id), patient);
}

TEST(Patients, AreTheCasesWhereAllNamesSayOne) {
  DataSet data;
  data.phantom.emplace();
  for (int i = 0; i < 6; ++i) data.cases.push_back({"CT_scan_00" + std::to_string(i), {}, {}});
  EXPECT_EQ(shuffledPatients(data, 1).size(), 6U);
  EXPECT_EQ(chooseSplit(data, "", 0.5, 1).validation.size(), 3U);
}

TEST(Patients, StayTogether) {
  DataSet data;
  data.phantom.emplace();  // no label files are needed
  for (int i = 0; i < 12; ++i)
    data.cases.push_back({"sub-" + std::to_string(i / 3) + "_ses-" + std::to_string(i % 3), {}, {}});
  for (const auto& fold : makeFolds(data, 4, 1)) {
    std::set<std::string> patients;
    for (const auto& id : fold.validation) patients.insert(patientOf(id));
    EXPECT_EQ(patients.size(), 1U);
    EXPECT_EQ(fold.validation.size(), 3U);
  }
}

}  // namespace
}  // namespace rind::datasets
