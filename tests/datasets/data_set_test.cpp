#include "rind/datasets/data_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rind/core/error.h"
#include "rind/test_support/shared_data.h"
#include "rind/test_support/temporary_folder.h"
#include "written_data.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::plainGrid;
using testing::writeDecathlon;
using testing::writeLabelsOf;
using testing::writeRamp;
using testing::writeText;

class Layout : public ::testing::Test {
 protected:
  DataSet open() const { return openDataSet(folder_.path().string()); }
  void expectRefused(const std::string& sentence) const {
    EXPECT_THAT([&] { open(); }, ::testing::ThrowsMessage<core::InputError>(HasSubstr(sentence)));
  }
  void image(const std::string& name) const {
    fs::create_directories((folder_ / name).parent_path());
    writeRamp(folder_ / name, plainGrid({4, 5, 6}));
  }
  void labels(const std::string& name, const std::vector<std::uint8_t>& values) const {
    fs::create_directories((folder_ / name).parent_path());
    writeLabelsOf(folder_ / name, plainGrid({4, 5, 6}), values);
  }
  void description(const std::string& json) const { writeText(folder_ / "dataset.json", json); }

  test_support::TemporaryFolder folder_;
};

std::vector<int> valuesOf(const DataSet& data) {
  std::vector<int> values;
  for (const auto& label : data.labels) values.push_back(label.value);
  return values;
}

TEST_F(Layout, Decathlon) {
  writeDecathlon(folder_.path(), 3);
  const DataSet data = open();
  EXPECT_EQ(data.layout, "msd");
  EXPECT_EQ(data.name, "Written");
  ASSERT_EQ(data.cases.size(), 3U);
  EXPECT_EQ(data.cases[1].id, "case_1");
  EXPECT_EQ(data.labels[2].name, "two");
  EXPECT_THAT(data.channels, ElementsAre("MRI"));
}

TEST_F(Layout, AmosValidationCasesAreTheSplit) {
  for (const auto* name : {"imagesTr/amos_0001.nii.gz", "imagesVa/amos_0002.nii.gz"}) image(name);
  for (const auto* name : {"labelsTr/amos_0001.nii.gz", "labelsVa/amos_0002.nii.gz"}) labels(name, {0, 1});
  description(R"({"labels":{"0":"background","1":"spleen"},"modality":{"0":"CT"},
    "training":[{"image":"./imagesTr/amos_0001.nii.gz","label":"./labelsTr/amos_0001.nii.gz"}],
    "validation":[{"image":"./imagesVa/amos_0002.nii.gz","label":"./labelsVa/amos_0002.nii.gz"}]})");
  const DataSet data = open();
  ASSERT_TRUE(data.split);
  EXPECT_THAT(data.split->training, ElementsAre("amos_0001"));
  EXPECT_THAT(data.split->validation, ElementsAre("amos_0002"));
  EXPECT_EQ(data.preprocessing.normalisation, core::Normalisation::ct);
}

TEST_F(Layout, NnunetWithRegionsAndItsOwnSplit) {
  for (const auto* id : {"p_1", "p_2"})
    for (const auto* channel : {"_0000", "_0001"}) image("imagesTr/" + std::string(id) + channel + ".nrrd");
  labels("labelsTr/p_1.nrrd", {0, 1, 2});
  labels("labelsTr/p_2.nrrd", {0, 1, 2});
  description(R"({"channel_names":{"0":"T1","1":"T2"},"file_ending":".nrrd","numTraining":2,
    "labels":{"background":0,"whole":[1,2],"core":[2]}})");
  writeText(folder_ / "splits_final.json",
            R"([{"train":["p_1"],"val":["p_2"]},{"train":["p_2"],"val":["p_1"]}])");
  const DataSet data = open();
  EXPECT_EQ(data.layout, "nnunet");
  ASSERT_EQ(data.cases.size(), 2U);
  EXPECT_EQ(data.cases[0].images.size(), 2U);
  EXPECT_THAT(valuesOf(data), ElementsAre(0, 1, 2));
  EXPECT_EQ(data.labels[1].name, "whole");
  EXPECT_EQ(data.labels[2].name, "core");
  EXPECT_THAT(chooseSplit(data, "", 0.2, 1).training, ElementsAre("p_1"));
  EXPECT_THAT(chooseSplit(data, (folder_ / "splits_final.json").string() + ":1", 0.2, 1).training,
              ElementsAre("p_2"));
}

TEST_F(Layout, BratsOfBothNamings) {
  for (const auto* modality : {"flair", "t1", "t1ce", "t2"})
    image("Brats18_A_B_1/Brats18_A_B_1_" + std::string(modality) + ".nii.gz");
  labels("Brats18_A_B_1/Brats18_A_B_1_seg.nii.gz", {0, 4});
  DataSet data = open();
  EXPECT_EQ(data.layout, "brats");
  EXPECT_THAT(valuesOf(data), ElementsAre(0, 1, 2, 4));
  EXPECT_THAT(data.channels, ElementsAre("FLAIR", "T1w", "T1ce", "T2w"));
  fs::remove_all(folder_ / "Brats18_A_B_1");
  for (const auto* modality : {"t2f", "t1n", "t1c", "t2w"})
    image("BraTS-GLI-00001-000/BraTS-GLI-00001-000-" + std::string(modality) + ".nii.gz");
  data = open();
  EXPECT_EQ(data.cases.at(0).id, "BraTS-GLI-00001-000");
  EXPECT_THAT(valuesOf(data), ElementsAre(0, 1, 2, 3));
}

TEST_F(Layout, BratsOfEveryYearAndDepth) {
  for (const std::string id :
       {"HGG/Brats18_A_B_1", "LGG/Brats18_C_D_1", "HGG/BraTS20_Training_001", "LGG/BraTS2021_00000"}) {
    const std::string name = id.substr(4);
    for (const auto* modality : {"flair", "t1", "t1ce", "t2"})
      image(id + "/" + name + "_" + modality + ".nii");
    labels(id + "/" + name + "_seg.nii", {0, 1, 2, 4});
  }
  const DataSet data = open();
  EXPECT_EQ(data.layout, "brats");
  std::vector<std::string> ids;
  for (const auto& c : data.cases) {
    ids.push_back(c.id);
    EXPECT_FALSE(c.labels.empty());
  }
  EXPECT_THAT(ids, ::testing::UnorderedElementsAre("Brats18_A_B_1", "Brats18_C_D_1", "BraTS20_Training_001",
                                                   "BraTS2021_00000"));
}

TEST_F(Layout, PathsMayHoldAnyLetters) {
  const std::string inner = "Größe 1, \xe8\x84\xb3/";
  image(inner + "images/fall ä.nii.gz");
  labels(inner + "labels/fall ä.nii.gz", {0, 1});
  image(inner + "images/b.npy");
  labels(inner + "labels/b.npy", {0, 1});
  const DataSet data = openDataSet((folder_ / inner).string());
  EXPECT_EQ(data.layout, "pair");
  ASSERT_EQ(data.cases.size(), 2U);
  EXPECT_EQ(data.cases[1].id, "fall ä");
  EXPECT_FALSE(data.cases[0].labels.empty());
  EXPECT_FALSE(data.cases[1].labels.empty());
}

TEST_F(Layout, PairsNameTheirLabelsByValue) {
  image("images/a b.mha");
  labels("labels/a b.mha", {0, 5, 9});
  labels("labels/alone.mha", {0});
  DataSet data = open();
  EXPECT_EQ(data.layout, "pair");
  EXPECT_THAT(valuesOf(data), ElementsAre(0, 5, 9));
  EXPECT_THAT(data.labels_without_image, ElementsAre("alone.mha"));
  fs::remove_all(folder_ / "images");
  fs::remove_all(folder_ / "labels");
  image("x.nii.gz");
  labels("x_seg.nii.gz", {0, 1});
  data = open();
  EXPECT_EQ(data.cases.at(0).labels.filename(), "x_seg.nii.gz");
}

TEST_F(Layout, ImagesAlone) {
  image("x.nii.gz");
  EXPECT_EQ(open().layout, "files");
  EXPECT_EQ(openDataSet((folder_ / "x.nii.gz").string()).cases.at(0).id, "x");
}

TEST_F(Layout, TheMedianSpacingIsSuggestedWhereCasesDiffer) {
  writeDecathlon(folder_.path(), 3);
  EXPECT_FALSE(open().preprocessing.spacing);
  core::Geometry thick = plainGrid({8, 9, 10});
  thick.spacing = {5, 1, 1};
  writeRamp(folder_ / "imagesTr/case_0.nii.gz", thick);
  EXPECT_EQ(open().preprocessing.spacing, (core::Spacing{1, 1, 1}));
}

TEST_F(Layout, WhatIsNoDataSetIsSaid) {
  expectRefused("empty folder");
  writeText(folder_ / "notes.txt", "hello");
  expectRefused("is no data set");
  EXPECT_THROW(openDataSet((folder_ / "notes.txt").string()), core::InputError);
  EXPECT_THROW(openDataSet((folder_ / "nowhere").string()), core::InputError);
  EXPECT_THROW(openDataSet(""), core::InputError);
  EXPECT_THROW(openDataSet("phantom:heart"), core::InputError);
  EXPECT_THROW(openDataSet("phantom:amos,cases=many"), core::InputError);
  EXPECT_THROW(openDataSet("phantom:amos,size=1x1x1"), core::InputError);
}

TEST_F(Layout, EveryBrokenDescriptionNamesItsFile) {
  for (const std::string json :
       {"", "{", "[]", "7", "{}", R"({"labels":7})", R"({"labels":{}})", R"({"labels":[]})",
        R"({"labels":{"0":"background"}})", R"({"labels":{"a":"b"}})",
        R"({"labels":{"0":"background","1":"x"},"training":7})",
        R"({"labels":{"0":"background","1":"x"},"training":[7]})",
        R"({"labels":{"0":"background","1":"x"},"training":[{"image":7}]})",
        R"({"labels":{"0":"background","1":"x"},"training":[{"image":"a","label":[]}]})",
        R"({"labels":{"0":"background","1":"x"},"modality":7})",
        R"({"labels":{"0":"background","1":"x"},"modality":{"a":"MRI"}})",
        R"({"labels":{"background":0,"x":1},"channel_names":{}})",
        R"({"labels":{"background":0,"x":-1},"channel_names":{"0":"MRI"}})",
        R"({"labels":{"background":0,"x":1.5},"channel_names":{"0":"MRI"}})"}) {
    description(json);
    expectRefused("dataset.json");
  }
  description(std::string(100000, '['));
  expectRefused("dataset.json");
  description(R"({"labels":{"0":"background","1":"x"},"training":[]})");
  expectRefused("has no cases");
}

TEST_F(Layout, AnImageWithoutLabelCannotBeTrainedOn) {
  writeDecathlon(folder_.path(), 3);
  fs::remove(folder_ / "labelsTr/case_1.nii.gz");
  EXPECT_THAT([&] { chooseSplit(open(), "", 0.3, 1); },
              ::testing::ThrowsMessage<core::InputError>(
                  ::testing::AllOf(HasSubstr("case_1"), HasSubstr("does not exist"))));
}

TEST(RealDataSets, AllOpen) {
  RIND_REQUIRE_SHARED("data/Task04_Hippocampus");
  const fs::path shared = test_support::sharedFolder() / "data";
  EXPECT_EQ(openDataSet((shared / "Task04_Hippocampus").string()).cases.size(), 200U);
  const DataSet brats = openDataSet((shared / "BraTS2018").string());
  EXPECT_EQ(brats.cases.size(), 9U);
  EXPECT_EQ(brats.cases[0].images.size(), 4U);
  EXPECT_EQ(openDataSet((shared / "AMOS_sample").string()).labels.size(), 16U);
  EXPECT_EQ(openDataSet((shared / "dicom").string()).cases.size(), 2U);
}

}  // namespace
}  // namespace rind::datasets
