#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>

#include "rind/core/atomic_file.h"
#include "rind/datasets/volume_io.h"
#include "rind_program.h"

namespace rind::app {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::runRind;

/// A run of one step on a small phantom at 12 mm: what it predicts does not matter here.
class PredictCommand : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<test_support::TemporaryFolder>();
    ::setenv("XDG_CACHE_HOME", (*shared_ / "cache").c_str(), 1);
    const auto trained =
        runRind({"train", "--data", "phantom:amos,cases=2,size=16x32x32", "--out", run(), "--steps", "1",
                 "--base-channels", "2", "--patch", "16x32x32", "--spacing", "12x12x12"});
    ASSERT_EQ(trained.status, 0) << trained.errors;
  }
  static void TearDownTestSuite() { shared_.reset(); }
  static std::string run() { return (*shared_ / "run").string(); }

  /// An image whose voxels are about twice as far apart as the network's.
  static core::Geometry grid() {
    core::Geometry g;
    g.size = {12, 20, 24};
    g.spacing = {24, 18, 24};
    g.origin = {5, -7, 11};
    return g;
  }

  std::string image(const std::string& name, float first = 0, int channels = 1) const {
    std::vector<float> voxels(static_cast<std::size_t>(grid().size.voxels() * channels));
    for (std::size_t i = 0; i < voxels.size(); ++i)
      voxels[i] = std::sin(static_cast<float>(i)) + static_cast<float>(i / 240 % 9);
    voxels[0] += first;
    datasets::writeFloats(folder_ / name, grid(), channels, voxels.data());
    return (folder_ / name).string();
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  static std::unique_ptr<test_support::TemporaryFolder> shared_;
  test_support::TemporaryFolder folder_;
};
std::unique_ptr<test_support::TemporaryFolder> PredictCommand::shared_;

TEST_F(PredictCommand, AnImageIsNotOverwritten) {
  const std::string file = image("a.nii.gz");
  const std::string before = core::readFile(file);
  for (const std::string& input : {file, folder_.path().string()}) {
    const auto result = runRind({"predict", "--model", run(), "--input", input, "--output", input});
    EXPECT_EQ(result.status, 2) << result.output;
    EXPECT_THAT(result.errors, HasSubstr("--output: " + file + " is read by this command"));
  }
  EXPECT_EQ(core::readFile(file), before);
}

TEST_F(PredictCommand, ProbabilitiesLieOnTheImagesGridAndSumToOne) {
  const auto result = runRind({"predict", "--model", run(), "--input", image("a.nii.gz"), "--output",
                               path("out.nii.gz"), "--probabilities", "--precision", "fp32"});
  ASSERT_EQ(result.status, 0) << result.errors;
  EXPECT_THAT(result.errors, HasSubstr("rind: needs about "));
  const auto labels = datasets::readLabels(folder_ / "out.nii.gz");
  const auto probabilities = datasets::readImage(folder_ / "out_probabilities.nii.gz");
  EXPECT_EQ(labels.geometry.size, grid().size);
  EXPECT_EQ(probabilities.geometry.size, grid().size);
  EXPECT_NEAR(probabilities.geometry.spacing.y, 18, 1e-6);
  ASSERT_EQ(probabilities.channels, 16);
  const auto voxels = static_cast<std::size_t>(grid().size.voxels());
  std::size_t agree = 0;
  for (std::size_t i = 0; i < voxels; ++i) {
    double sum = 0;
    std::size_t best = 0;
    for (std::size_t c = 0; c < 16; ++c) {
      sum += probabilities.voxels[c * voxels + i];
      if (probabilities.voxels[c * voxels + i] > probabilities.voxels[best * voxels + i]) best = c;
    }
    ASSERT_NEAR(sum, 1, 1e-4);
    agree += best == static_cast<std::size_t>(labels.labels.voxels[i]) ? 1 : 0;
  }
  EXPECT_GT(agree, voxels * 8 / 10);  // votes of labels and means of probabilities differ near borders
}

TEST_F(PredictCommand, EveryFormatHoldsTheSameLabels) {
  const std::string input = image("a.nii.gz");
  std::vector<std::vector<std::int32_t>> found;
  for (const std::string name : {"a.nii", "a.nrrd", "a.seg.nrrd", "a.mha"}) {
    const auto result = runRind({"predict", "--model", run(), "--input", input, "--output",
                                 path("out_" + name), "--precision", "fp32"});
    ASSERT_EQ(result.status, 0) << result.errors;
    found.push_back(datasets::readLabels(folder_ / ("out_" + name)).labels.voxels);
    EXPECT_EQ(found.back(), found.front()) << name;
  }
}

TEST_F(PredictCommand, ABadImageOfAFolderIsToldAndTheOthersArePredicted) {
  fs::create_directories(folder_ / "in");
  image("in/a.nii.gz"), image("in/b.nii.gz", std::nanf("")), image("in/c.nii.gz");
  const auto result = runRind({"predict", "--model", run(), "--input", path("in"), "--output", path("out"),
                               "--format", "seg.nrrd", "--label-description", path("labels.txt"), "--json"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.errors, HasSubstr("b.nii.gz: holds voxels that are not a number"));
  EXPECT_THAT(result.errors, HasSubstr("1 of 3 images could not be predicted"));
  EXPECT_TRUE(fs::exists(folder_ / "out/a.seg.nrrd"));
  EXPECT_FALSE(fs::exists(folder_ / "out/b.seg.nrrd"));
  EXPECT_TRUE(fs::exists(folder_ / "out/c.seg.nrrd"));
  EXPECT_THAT(core::readFile(folder_ / "labels.txt"), HasSubstr("\"liver\""));
  const auto cases = nlohmann::json::parse(result.lastLine())["cases"];
  EXPECT_TRUE(cases[0].contains("output"));
  EXPECT_TRUE(cases[1].contains("error"));
}

TEST_F(PredictCommand, ABadInputIsOneSentence) {
  core::writeFileWhole(folder_ / "text.pt", "no model");
  const std::string good = image("a.nii.gz");
  const struct {
    std::string model, input, says;
  } tries[] = {
      {path("text.pt"), good, "text.pt: it cannot be read as a TorchScript model"},
      {path("nothing"), good, "nothing: there is no such model"},
      {run(), image("nan.nii.gz", std::nanf("")), "nan.nii.gz: holds voxels that are not a number"},
      {run(), image("two.nii.gz", 0, 2), "two.nii.gz: it has 2 channels where the model was trained with 1"},
      {run(), path("absent.nii.gz"), "absent.nii.gz: there is no such file"}};
  for (const auto& one : tries) {
    const auto result =
        runRind({"predict", "--model", one.model, "--input", one.input, "--output", path("o.nrrd")});
    EXPECT_EQ(result.status, 2) << one.says;
    EXPECT_THAT(result.errors, HasSubstr("rind: error: ")) << one.says;
    EXPECT_THAT(result.errors, HasSubstr(one.says));
    EXPECT_EQ(std::count(result.errors.begin(), result.errors.end(), '\n'), 1) << result.errors;
    EXPECT_FALSE(fs::exists(folder_ / "o.nrrd"));
  }
}

TEST_F(PredictCommand, NoFileThatIsReadIsWritten) {
  core::LabelVolume empty(grid().size);
  datasets::writeLabels(folder_ / "a.mhd", grid(), empty);
  fs::rename(folder_ / "a.mhd.raw", folder_ / "a.nhdr.raw");  // as another program may call it
  std::string header = core::readFile(folder_ / "a.mhd");
  header.replace(header.find("a.mhd.raw"), 9, "a.nhdr.raw");
  core::writeFileWhole(folder_ / "a.mhd", header);
  const std::string folder = folder_.path().string();
  const auto over_data =
      runRind({"predict", "--model", run(), "--input", folder, "--output", folder, "--format", "nhdr"});
  EXPECT_EQ(over_data.status, 2) << over_data.output;
  EXPECT_THAT(over_data.errors, HasSubstr("a.nhdr.raw is read by this command"));

  fs::create_directories(folder_ / "in");
  image("in/b.nii.gz"), image("in/b_probabilities.nii.gz");
  const auto twice = runRind(
      {"predict", "--model", run(), "--input", path("in"), "--output", path("out"), "--probabilities"});
  EXPECT_EQ(twice.status, 2) << twice.output;
  EXPECT_THAT(twice.errors, HasSubstr("b_probabilities.nii.gz would be written twice"));
}

TEST_F(PredictCommand, DicomIsNotAskedForInVain) {
  const std::string input = image("a.nii.gz");
  const auto to_file = runRind({"predict", "--model", run(), "--input", input, "--output", path("o.dcm")});
  EXPECT_EQ(to_file.status, 2) << to_file.output;
  EXPECT_THAT(to_file.errors, HasSubstr("o.dcm would be DICOM, which is read and not written"));
  const auto to_folder =
      runRind({"predict", "--model", run(), "--input", input, "--output", path("out"), "--format", "dcm"});
  EXPECT_EQ(to_folder.status, 2) << to_folder.output;
  EXPECT_THAT(to_folder.errors, HasSubstr("--format: \".dcm\" is not known"));
}

TEST_F(PredictCommand, ValuesBeyondAByteAreWritten) {
  const std::string input = image("a.nii.gz"), other = path("thousands");
  fs::copy(run(), other, fs::copy_options::recursive);
  auto json = nlohmann::json::parse(core::readFile(fs::path(other) / "run.json"));
  int value = 0;
  for (auto& label : json["model"]["labels"]) label["value"] = 1000 * value++;
  core::writeFileWhole(fs::path(other) / "run.json", json.dump());
  std::vector<std::vector<std::int32_t>> found;
  const std::pair<std::string, std::string> both[] = {{run(), path("o.nrrd")},
                                                      {other, path("thousands.nrrd")}};
  for (const auto& [model, output] : both) {
    const auto result = runRind({"predict", "--model", model, "--input", input, "--output", output});
    ASSERT_EQ(result.status, 0) << result.errors;
    found.push_back(datasets::readLabels(output).labels.voxels);
  }
  for (auto& voxel : found[0]) voxel *= 1000;
  EXPECT_EQ(found[1], found[0]);
}

TEST_F(PredictCommand, JsonNamesFilesInAnyEncoding) {
  const auto result = runRind({"predict", "--model", run(), "--input", image("a.nii.gz"), "--output",
                               path("out\xff.nrrd"), "--json"});
  ASSERT_EQ(result.status, 0) << result.errors;
  EXPECT_TRUE(nlohmann::json::parse(result.lastLine())["cases"][0].contains("output"));
  const auto exported = runRind(
      {"export", "--model", run(), "--format", "model-card", "--output", path("card\xff.md"), "--json"});
  ASSERT_EQ(exported.status, 0) << exported.errors;
  EXPECT_EQ(nlohmann::json::parse(exported.lastLine())["format"], "model-card");
}

TEST_F(PredictCommand, WeightsThatAreNotTheBestAreSaid) {
  const std::string other = path("without_best"), input = image("a.nii.gz");
  fs::copy(run(), other, fs::copy_options::recursive);
  fs::remove(fs::path(other) / "checkpoints" / "best.weights");
  const auto predicted = runRind({"predict", "--model", other, "--input", input, "--output", path("o.nrrd")});
  const auto exported =
      runRind({"export", "--model", other, "--format", "model-card", "--output", path("card.md")});
  for (const auto& result : {predicted, exported}) {
    EXPECT_EQ(result.status, 0) << result.errors;
    EXPECT_THAT(result.errors, HasSubstr("rind: warning: " + other + ": the weights of checkpoints/"));
    EXPECT_THAT(result.errors, HasSubstr("best.weights is missing"));
  }
}

TEST_F(PredictCommand, AnImageSmallerThanTheWindowIsPaddedAndSaid) {
  core::Geometry small;
  small.size = {3, 40, 5};
  small.spacing = {12, 12, 12};
  const std::vector<float> voxels(600, 1.5F);
  datasets::writeFloats(folder_ / "small.nrrd", small, 1, voxels.data());
  const auto result =
      runRind({"predict", "--model", run(), "--input", path("small.nrrd"), "--output", path("out.nrrd")});
  ASSERT_EQ(result.status, 0) << result.errors;
  EXPECT_THAT(result.errors, HasSubstr("3x40x5 voxels are less than the model's window of 16x32x32"));
  EXPECT_EQ(datasets::readLabels(folder_ / "out.nrrd").geometry.size, small.size);
}

TEST_F(PredictCommand, InterruptedItEndsSoonAndLeavesNothing) {
  core::Geometry large;
  large.size = {64, 256, 256};
  large.spacing = {12, 12, 12};
  std::vector<float> voxels(static_cast<std::size_t>(large.size.voxels()));
  for (std::size_t i = 0; i < voxels.size(); ++i) voxels[i] = static_cast<float>(i % 97);
  datasets::writeFloats(folder_ / "large.nrrd", large, 1, voxels.data());
  fs::create_directories(folder_ / "out");
  // Minutes of work at this overlap; killed, and so told apart, if it does not end.
  const auto result = runRind({"predict", "--model", run(), "--input", path("large.nrrd"), "--output",
                               path("out/large.nrrd"), "--overlap", "0.9"},
                              "timeout --preserve-status -s INT -k 20 3");
  EXPECT_EQ(result.status, 3) << result.errors;
  EXPECT_TRUE(fs::is_empty(folder_ / "out"));
}

}  // namespace
}  // namespace rind::app
