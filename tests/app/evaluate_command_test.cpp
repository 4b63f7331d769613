#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "rind/core/atomic_file.h"
#include "rind/datasets/volume_io.h"
#include "rind_program.h"

namespace rind::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using testing::ProgramResult;
using testing::runRind;

/// Boxes on a grid of 20 voxels a side, 2 mm along z and 1 mm along y and x.
class EvaluateCommand : public ::testing::Test {
 protected:
  struct Box {
    std::uint8_t label;
    core::Index3 from, to;  // `to` not included
  };

  static core::Geometry grid() {
    core::Geometry g;
    g.size = {20, 20, 20};
    g.spacing = {2, 1, 1};
    return g;
  }

  std::string labels(const std::string& name, const std::vector<Box>& boxes,
                     const core::Geometry& geometry = grid()) const {
    core::LabelVolume volume(geometry.size);
    for (const auto& box : boxes)
      for (std::int64_t z = box.from.z; z < box.to.z; ++z)
        for (std::int64_t y = box.from.y; y < box.to.y; ++y)
          for (std::int64_t x = box.from.x; x < box.to.x; ++x) volume[{z, y, x}] = box.label;
    fs::create_directories((folder_ / name).parent_path());
    datasets::writeLabels(folder_ / name, geometry, volume);
    return (folder_ / name).string();
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  ProgramResult evaluate(std::vector<std::string> arguments,
                         const std::string& output = "scores.json") const {
    arguments.insert(arguments.begin(), {"evaluate", "--output", path(output)});
    return runRind(arguments);
  }
  json scores() const { return json::parse(core::readFile(folder_ / "scores.json")); }

  test_support::TemporaryFolder folder_;
};

constexpr core::Index3 kFrom = {4, 4, 4}, kTo = {10, 12, 12};

TEST_F(EvaluateCommand, AFolderIsMatchedByNameAndWhatHasNoPartnerIsListed) {
  labels("reference/a.nii.gz", {{1, kFrom, kTo}});
  labels("reference/b.nii.gz", {{1, kFrom, kTo}});
  labels("prediction/a.nrrd", {{1, {4, 4, 4}, {10, 12, 8}}});  // half of it
  labels("prediction/c.nrrd", {{1, kFrom, kTo}});
  const auto result =
      evaluate({"--reference", path("reference"), "--prediction", path("prediction"), "--json"});
  ASSERT_EQ(result.status, 0) << result.errors;
  EXPECT_THAT(result.errors, HasSubstr("b.nii.gz has no partner"));
  EXPECT_THAT(result.errors, HasSubstr("c.nrrd has no partner"));
  EXPECT_EQ(json::parse(result.lastLine()), scores());
  ASSERT_EQ(scores()["cases"].size(), 1U);
  const json one = scores()["cases"][0]["classes"][0];
  EXPECT_EQ(one["tp"], 6 * 8 * 4);
  EXPECT_EQ(one["fn"], 6 * 8 * 4);
  EXPECT_EQ(one["fp"], 0);
  EXPECT_NEAR(one["dsc"].get<double>(), 2.0 / 3, 1e-12);
  EXPECT_NEAR(one["hd95"].get<double>(), 4, 1e-6);  // half of 8 mm along x
}

TEST_F(EvaluateCommand, AnAbsentClassIsNoNumberAndBothMeansAreGiven) {
  // Class 2 is missed, class 3 is in neither, class 4 is right.
  const auto reference = labels("r.nii.gz", {{2, {0, 0, 0}, {2, 2, 2}}, {4, kFrom, kTo}});
  const auto prediction = labels("p.nii.gz", {{4, kFrom, kTo}});
  ASSERT_EQ(evaluate({"--reference", reference, "--prediction", prediction}).status, 0);
  std::map<int, json> classes;
  const json written = scores();
  for (const auto& one : written["cases"][0]["classes"]) classes[one["class"].get<int>()] = one;
  EXPECT_EQ(classes[2]["dsc"], 0);
  EXPECT_EQ(classes[2]["hd95"], "inf");
  EXPECT_TRUE(classes[3]["dsc"].is_null());
  EXPECT_EQ(classes[4]["dsc"], 1);
  EXPECT_NEAR(written["summary"]["mean_dsc"].get<double>(), 0.5, 1e-12);
  EXPECT_NEAR(written["summary"]["mean_dsc_without_failures"].get<double>(), 1, 1e-12);
}

TEST_F(EvaluateCommand, ALabelBeyondTheClassesIsRefused) {
  const auto reference = labels("r.nii.gz", {{2, kFrom, kTo}});
  const auto result = evaluate({"--reference", reference, "--prediction", reference, "--classes", "2"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.errors, HasSubstr("--classes: there is a label 2"));
  EXPECT_EQ(evaluate({"--reference", reference, "--prediction", reference, "--classes", "3"}).status, 0);
}

TEST_F(EvaluateCommand, ToleranceByClassComesFromJsonOrCsv) {
  // Both classes lie a voxel (1 mm) too far along x.
  const auto reference = labels("r.nii.gz", {{1, kFrom, kTo}, {2, {12, 4, 4}, {18, 12, 12}}});
  const auto prediction = labels("p.nii.gz", {{1, {4, 4, 5}, {10, 12, 13}}, {2, {12, 4, 5}, {18, 12, 13}}});
  core::writeFileWhole(folder_ / "dataset.json",
                       R"({"labels": {"0": "background", "1": "liver", "2": "spleen"}})");
  core::writeFileWhole(folder_ / "t.json", R"({"liver": 2, "2": 0.5})");
  core::writeFileWhole(folder_ / "t.csv", "class,millimetres\nliver,2\nspleen,0.5\n");
  for (const std::string file : {"t.json", "t.csv"}) {
    const auto result =
        evaluate({"--reference", reference, "--prediction", prediction, "--tolerance", path(file)});
    ASSERT_EQ(result.status, 0) << result.errors;
    const json classes = scores()["cases"][0]["classes"];
    EXPECT_EQ(classes[0]["name"], "liver");
    EXPECT_EQ(classes[0]["nsd"][0], 1) << file;
    EXPECT_LT(classes[1]["nsd"][0].get<double>(), 0.9) << file;
  }
  core::writeFileWhole(folder_ / "short.json", R"({"liver": 2})");
  const auto short_of =
      evaluate({"--reference", reference, "--prediction", prediction, "--tolerance", path("short.json")});
  EXPECT_EQ(short_of.status, 2);
  EXPECT_THAT(short_of.errors, HasSubstr("none for class 2"));
}

TEST_F(EvaluateCommand, BratsRegionsAreUnionsOfLabels) {
  // Necrotic core 1, edema 2, enhancing tumour 4; the prediction calls the core enhancing.
  const core::Index3 middle = {7, 12, 12};
  const auto reference =
      labels("r.nii.gz", {{1, kFrom, middle}, {2, {7, 4, 4}, kTo}, {4, {12, 4, 4}, {14, 8, 8}}});
  const auto prediction =
      labels("p.nii.gz", {{4, kFrom, middle}, {2, {7, 4, 4}, kTo}, {4, {12, 4, 4}, {14, 8, 8}}});
  ASSERT_EQ(evaluate({"--reference", reference, "--prediction", prediction, "--regions", "brats"}).status, 0);
  const json written = scores();
  std::map<std::string, double> dsc;
  for (const auto& one : written["cases"][0]["classes"]) dsc[one["name"]] = one["dsc"];
  EXPECT_EQ(dsc["WT"], 1);
  EXPECT_EQ(dsc["TC"], 1);
  const double core_voxels = 3 * 8 * 8, enhancing = 2 * 4 * 4;
  EXPECT_NEAR(dsc["ET"], 2 * enhancing / (2 * enhancing + core_voxels), 1e-12);
}

TEST_F(EvaluateCommand, GridsThatDifferAreRefusedAndResampledWhenAsked) {
  core::Geometry coarse = grid();
  coarse.size = {20, 10, 10};
  coarse.spacing = {2, 2, 2};
  coarse.origin = {0.5, 0.5, 0};
  const auto reference = labels("r.nii.gz", {{1, kFrom, kTo}});
  const auto prediction = labels("p.nii.gz", {{1, {4, 2, 2}, {10, 6, 6}}}, coarse);
  const auto refused = evaluate({"--reference", reference, "--prediction", prediction});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.errors, HasSubstr("p.nii.gz: it has 20x10x10 voxels, the reference 20x20x20"));
  EXPECT_FALSE(fs::exists(folder_ / "scores.json"));
  const auto resampled = evaluate({"--reference", reference, "--prediction", prediction, "--resample"});
  ASSERT_EQ(resampled.status, 0) << resampled.errors;
  EXPECT_EQ(scores()["cases"][0]["classes"][0]["dsc"], 1);
}

TEST_F(EvaluateCommand, AnArrayIsNotResampledToAGridItDoesNotKnow) {
  const auto reference = labels("r.nii.gz", {{1, kFrom, kTo}}), array = labels("p.npy", {{1, kFrom, kTo}});
  for (const auto& [one, other] : {std::pair{reference, array}, std::pair{array, reference}}) {
    const auto refused = evaluate({"--reference", one, "--prediction", other, "--resample"});
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.errors, HasSubstr("p.npy: has no geometry to resample by"));
  }
  EXPECT_EQ(evaluate({"--reference", reference, "--prediction", array}).status, 0);
}

TEST_F(EvaluateCommand, TheTableAndItsSummaryAreWrittenAsCsv) {
  const auto file = labels("r.nii.gz", {{1, kFrom, kTo}});
  ASSERT_EQ(evaluate({"--reference", file, "--prediction", file, "--tolerance", "1,2"}, "scores.csv").status,
            0);
  EXPECT_THAT(core::readFile(folder_ / "scores.csv"), HasSubstr("case,"));
  const std::string summary = core::readFile(folder_ / "scores_summary.csv");
  for (const char* column : {"mean", "median", "worst"}) EXPECT_THAT(summary, HasSubstr(column));
}

TEST_F(EvaluateCommand, AnOutputThatCannotBeWrittenIsSaidAndLeavesNothing) {
  const auto file = labels("r.nii.gz", {{1, kFrom, kTo}});
  const auto result = evaluate({"--reference", file, "--prediction", file}, "none/scores.json");
  EXPECT_NE(result.status, 0);
  EXPECT_THAT(result.errors, HasSubstr("rind: error: "));
  EXPECT_EQ(std::count(result.errors.begin(), result.errors.end(), '\n'), 1) << result.errors;
  EXPECT_FALSE(fs::exists(folder_ / "none"));
}

}  // namespace
}  // namespace rind::app
