// rind-workbench LABELS|RUN|DATA --surfaces FILE: without a window, and without a display.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "rind/core/atomic_file.h"
#include "rind/core/nrrd.h"
#include "rind/core/run_config.h"
#include "rind/datasets/volume_io.h"
#include "rind/messages/events.h"
#include "rind_program.h"

namespace rind::app {
namespace {

using ::testing::HasSubstr;
using testing::runRind;
using ::testing::StartsWith;

class SurfaceCommand : public ::testing::Test {
 protected:
  SurfaceCommand() {
    ::unsetenv("DISPLAY");
    ::unsetenv("WAYLAND_DISPLAY");
    ::unsetenv("QT_QPA_PLATFORM");
    grid_.size = {12, 12, 12};
    grid_.spacing = {2, 2, 2};
    labels_ = core::LabelVolume(grid_.size);
    for (std::int64_t z = 3; z < 9; ++z)
      for (std::int64_t y = 3; y < 9; ++y)
        for (std::int64_t x = 3; x < 9; ++x) labels_[{z, y, x}] = x < 6 ? 2 : 5;
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  nlohmann::json document(const std::string& name) const {
    return nlohmann::json::parse(core::readFile(folder_ / name));
  }

  test_support::TemporaryFolder folder_;
  core::Geometry grid_;
  core::LabelVolume labels_;
};

TEST_F(SurfaceCommand, ASegmentationsNamesAndColoursAreKept) {
  const core::LabelSet names = {
      {0, "background", {}}, {2, "my organ", {255, 0, 0}}, {5, "yours", {0, 0, 255}}};
  datasets::writeSegmentation(folder_ / "a.seg.nrrd", grid_, labels_, names);
  const auto result = runRind({path("a.seg.nrrd"), "--surfaces", path("a.gltf")});
  ASSERT_EQ(result.status, 0) << result.errors;
  EXPECT_THAT(result.output, StartsWith(path("a.gltf") + "\n2 organs, "));
  const auto scene = document("a.gltf");
  EXPECT_EQ(scene["nodes"][0]["name"], "my organ");
  EXPECT_EQ(scene["nodes"][1]["extras"]["label"], 5);
  EXPECT_EQ(scene["materials"][1]["pbrMetallicRoughness"]["baseColorFactor"],
            nlohmann::json({0.0, 0.0, 1.0, 1}));
}

TEST_F(SurfaceCommand, HelpNeedsNoDisplayAndAWindowSaysThatItDoes) {
  const auto help = runRind({"--help"});
  EXPECT_EQ(help.status, 0) << help.errors;
  EXPECT_THAT(help.output, HasSubstr("--set <key=value>"));
  const auto window = runRind({"phantom:amos"});
  EXPECT_EQ(window.status, 2);
  EXPECT_THAT(window.errors, HasSubstr("display: there is none to open a window on; "));
}

TEST_F(SurfaceCommand, APlainLabelMapsOrgansAreCalledByTheirValue) {
  datasets::writeLabels(folder_ / "a.nii.gz", grid_, labels_);
  const auto result = runRind({path("a.nii.gz"), "--surfaces", path("{organ}.stl")});
  ASSERT_EQ(result.status, 0) << result.errors;
  EXPECT_TRUE(std::filesystem::exists(folder_ / "label_2.stl"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "label_5.stl"));
}

TEST_F(SurfaceCommand, ARunGivesItsNewestPrediction) {
  core::RunConfig config;
  const nlohmann::json classes = {{{"value", 0}, {"name", "background"}}, {{"value", 1}, {"name", "liver"}}};
  core::writeFileWhole(folder_ / "run.json",
                       nlohmann::json{{"config", config}, {"model", {{"labels", classes}}}}.dump());
  for (auto& voxel : labels_.voxels) voxel = voxel > 0 ? 1 : 0;
  core::writeLabelNrrd(folder_ / "new.nrrd", grid_, labels_);
  std::string events;
  for (const char* file : {"old.nrrd", "new.nrrd"})
    events += messages::toJson(messages::Preview{{1, 1, 1}, "case 7", file}).dump() + "\n";
  core::writeFileWhole(folder_ / "events.jsonl", events);
  const auto result = runRind({folder_.path().string(), "--surfaces", path("a.gltf")});
  ASSERT_EQ(result.status, 0) << result.errors;
  EXPECT_EQ(document("a.gltf")["nodes"][0]["name"], "liver");
  const auto other = runRind({folder_.path().string(), "--surfaces", path("b.gltf"), "--case", "case 8"});
  EXPECT_EQ(other.status, 2);
  EXPECT_THAT(other.errors, HasSubstr("predictions of case 7 only"));
}

TEST_F(SurfaceCommand, ADataSetGivesACasesReference) {
  const auto result = runRind({"phantom:brats,cases=2,size=32x32x32", "--surfaces", path("a.ply")});
  ASSERT_EQ(result.status, 0) << result.errors;
  EXPECT_THAT(core::readFile(folder_ / "a.ply"), HasSubstr("comment organ 1 "));
}

TEST_F(SurfaceCommand, ABadInputIsOneSentence) {
  datasets::writeLabels(folder_ / "empty.nii.gz", grid_, core::LabelVolume(grid_.size));
  datasets::writeLabels(folder_ / "a.nii.gz", grid_, labels_);
  const std::vector<std::vector<std::string>> calls = {
      {"--surfaces", path("a.stl")},
      {path("missing.nii.gz"), "--surfaces", path("a.stl")},
      {path("empty.nii.gz"), "--surfaces", path("a.stl")},
      {path("a.nii.gz"), "--surfaces", path("a.vtk")},
      {path("a.nii.gz"), "--surfaces", path("no/folder/a.stl")},
      {"phantom:amos", "--case", "none", "--surfaces", path("a.stl")}};
  for (const auto& call : calls) {
    const auto result = runRind(call);
    EXPECT_EQ(result.status, 2) << result.errors;
    EXPECT_THAT(result.errors, StartsWith("rind-workbench: error: "));
    EXPECT_EQ(std::count(result.errors.begin(), result.errors.end(), '\n'), 1) << result.errors;
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a.stl"));
}

}  // namespace
}  // namespace rind::app
