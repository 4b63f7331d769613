// What `rind` says of a wrong command line, and that it never writes over what it reads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "rind/core/atomic_file.h"
#include "rind/core/npy.h"
#include "rind/core/nrrd.h"
#include "rind_program.h"

namespace rind::app::testing {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

void expectRefused(const std::vector<std::string>& arguments, const std::string& message) {
  const ProgramResult result = runRind(arguments);
  EXPECT_EQ(result.status, 2) << result.output;
  EXPECT_THAT(result.errors, HasSubstr("rind: error: " + message));
}

TEST(CommandLine, NamesTheWordThatIsWrong) {
  expectRefused({"inspct", "--data", "x"}, "inspct: is not a command; use one of train, predict, ");
  expectRefused({"inspect", "--dat", "x"}, "--dat: is not known here; see rind inspect --help");
  expectRefused({}, "command line: A subcommand is required; see rind --help");
  expectRefused({"contour", "--labels", "x"}, "command line: --output is required; see rind contour --help");
}

TEST(CommandLine, HelpShowsTheDefaults) {
  const ProgramResult help = runRind({"train", "--help"});
  EXPECT_EQ(help.status, 0);
  for (const char* option : {"--iterations TEXT=6", "--lambda TEXT=0.5", "--border TEXT=zero"})
    EXPECT_THAT(help.output, HasSubstr(option));
}

TEST(CommandLine, AWrongSettingIsNamedWithItsFile) {
  const test_support::TemporaryFolder folder;
  const std::string file = (folder / "c.json").string();
  core::writeFileWhole(file, R"({"lamda": 0.5})");
  expectRefused({"train", "--data", "phantom:amos", "--out", (folder / "run").string(), "--config", file},
                file + ": lamda is not a setting");
}

TEST(CommandLine, AFoldThatHadNotBegunTakesTheSettingsOfThoseThatHad) {
  const test_support::TemporaryFolder folder;
  const fs::path out = folder / "cv";
  ASSERT_EQ(
      runRind({"train", "--data", "phantom:amos,cases=2,size=16x16x16", "--patch", "16x16x16",
               "--base-channels", "2", "--steps", "1", "--batch", "1", "--folds", "2", "--out", out.string()})
          .status,
      0);
  const auto configOf = [&](const char* fold) {
    auto config = nlohmann::json::parse(core::readFile(out / fold / "run.json")).at("config");
    config.erase("split");
    return config;
  };
  const auto before = configOf("fold_1");
  fs::remove_all(out / "fold_1");
  const ProgramResult resumed = runRind({"train", "--out", out.string(), "--folds", "2", "--resume"});
  ASSERT_EQ(resumed.status, 0) << resumed.errors;
  EXPECT_EQ(configOf("fold_1"), before);
  EXPECT_EQ(before.at("base-channels"), 2);
}

/// Trains for moments on five cases that are written for it.
class TrainCommand : public ::testing::Test {
 protected:
  TrainCommand() {
    core::Geometry grid;
    grid.size = {16, 16, 16};
    for (int number = 0; number < 5; ++number) {
      core::LabelVolume voxels(grid.size);
      for (std::int64_t z = 4; z < 10; ++z)
        for (std::int64_t y = 3; y < 12; ++y)
          for (std::int64_t x = 5; x < 9 + number; ++x) voxels[{z, y, x}] = 1;
      for (const char* kind : {"images", "labels"}) {
        fs::create_directories(folder_ / "data" / kind);
        core::writeLabelNrrd(folder_ / "data" / kind / ("case_" + std::to_string(number) + ".nrrd"), grid,
                             voxels);
      }
    }
    core::writeFileWhole(folder_ / "split.json", R"({"training": ["case_0", "case_1", "case_2"],
                                                     "validation": ["case_3", "case_4"]})");
  }
  ProgramResult train(std::vector<std::string> options, const std::string& before = "") const {
    options.insert(options.begin(), "train");
    for (const auto& word : {std::string("--cache"), path("cache"), std::string("--json")})
      options.push_back(word);
    return runRind(options, before);
  }
  ProgramResult newRun(std::vector<std::string> options, const std::string& before = "") const {
    for (const char* word : {"--patch", "16x16x16", "--base-channels", "2", "--threads", "1", "--out"})
      options.emplace_back(word);
    options.push_back(path("run"));
    return train(options, before);
  }
  ProgramResult resume(std::vector<std::string> options, const std::string& before = "") const {
    for (const auto& word : {std::string("--resume"), std::string("--out"), path("run")})
      options.push_back(word);
    return train(options, before);
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  nlohmann::json description() const {
    return nlohmann::json::parse(core::readFile(folder_ / "run/run.json"));
  }
  void cutShort(const std::string& file) const {
    const std::string whole = core::readFile(folder_ / file);
    core::writeFileWhole(folder_ / file, whole.substr(0, whole.size() - 20));
  }

  test_support::TemporaryFolder folder_;
};

TEST_F(TrainCommand, ARunIsResumedFromAnotherFolderAndWithDataThatWereMoved) {
  const auto begun = newRun({"--data", "data", "--epochs", "1"}, "cd '" + path("") + "' &&");
  ASSERT_EQ(begun.status, 0) << begun.errors;
  EXPECT_EQ(description().at("config").at("data"), path("data"));
  const auto elsewhere = resume({"--epochs", "2"}, "cd / &&");
  EXPECT_EQ(elsewhere.status, 0) << elsewhere.errors;
  fs::rename(folder_ / "data", folder_ / "moved");
  EXPECT_EQ(resume({"--epochs", "3"}).status, 2);
  const auto moved = resume({"--data", "moved", "--epochs", "3"}, "cd '" + path("") + "' &&");
  EXPECT_EQ(moved.status, 0) << moved.errors;
  EXPECT_EQ(moved.errors.find("fingerprint"), std::string::npos) << moved.errors;
  const auto again = resume({"--epochs", "4"});
  EXPECT_EQ(again.status, 0) << again.errors;
}

TEST_F(TrainCommand, ARunIsResumedWithItsOwnDescription) {
  ASSERT_EQ(newRun({"--data", path("data"), "--epochs", "1"}).status, 0);
  const auto resumed = resume({"--config", path("run/run.json"), "--epochs", "2"});
  EXPECT_EQ(resumed.status, 0) << resumed.errors;
}

TEST_F(TrainCommand, CasesThatCannotBeReadAreLeftOutWhereAsked) {
  cutShort("data/images/case_1.nrrd");
  cutShort("data/images/case_4.nrrd");
  const std::vector<std::string> options = {"--data",           path("data"), "--split",
                                            path("split.json"), "--epochs",   "1"};
  const auto refused = newRun(options);
  EXPECT_EQ(refused.status, 2) << refused.errors;
  EXPECT_THAT(refused.errors, HasSubstr("case_1.nrrd"));
  EXPECT_FALSE(fs::exists(folder_ / "run"));
  auto skipping = options;
  skipping.emplace_back("--skip-broken");
  const auto trained = newRun(skipping);
  ASSERT_EQ(trained.status, 0) << trained.errors;
  const std::string events = core::readFile(folder_ / "run/events.jsonl");
  for (const char* id : {"case_1", "case_4"}) {
    EXPECT_THAT(trained.errors, HasSubstr(id));
    EXPECT_THAT(events, HasSubstr(id)) << "as a warning";
    EXPECT_THAT(core::readFile(folder_ / "run/split.json"), ::testing::Not(HasSubstr(id)));
  }
  const auto resumed = resume({"--epochs", "2"});
  EXPECT_EQ(resumed.status, 0) << resumed.errors;
}

TEST_F(TrainCommand, APresetThatIsGivenSetsWhatItSetsOverTheFilesKeys) {
  core::writeFileWhole(folder_ / "settings.json",
                       R"({"loss": "dl", "batch": 1, "schedule": "constant", "lr": 0.5, "sigma": 7})");
  const auto trained = newRun({"--data", path("data"), "--config", path("settings.json"), "--preset",
                               "recommended", "--lr", "0.001", "--steps", "1"});
  ASSERT_EQ(trained.status, 0) << trained.errors;
  const auto config = description().at("config");
  EXPECT_EQ(config.at("loss"), "cedl");
  EXPECT_EQ(config.at("batch"), 4);
  EXPECT_EQ(config.at("schedule"), "cosine");
  EXPECT_EQ(config.at("lr"), 0.001) << "given beside the preset";
  EXPECT_EQ(config.at("sigma"), 7) << "not the preset's affair";
}

TEST_F(TrainCommand, AFailedStartRemovesNothingOfAPersons) {
  fs::create_directories(folder_ / "run/checkpoints");
  core::writeFileWhole(folder_ / "run/checkpoints/model.pt", "mine");
  core::writeFileWhole(folder_ / "run/split.json", "mine");
  for (const char* data : {"typo", "data"}) {
    const auto refused = newRun({"--data", path(data), "--epochs", "1"});
    EXPECT_EQ(refused.status, 2) << refused.errors;
    EXPECT_EQ(core::readFile(folder_ / "run/checkpoints/model.pt"), "mine");
    EXPECT_EQ(core::readFile(folder_ / "run/split.json"), "mine");
  }
}

class OwnPlaces : public ::testing::Test {
 protected:
  OwnPlaces() {
    const std::vector<std::uint8_t> labels = {0, 0, 1, 1, 0, 1, 0, 1};
    core::writeNpy(folder_ / "labels.npy", "u1", {2, 2, 2}, labels.data());
    before_ = core::readFile(folder_ / "labels.npy");
    fs::create_symlink(folder_ / "labels.npy", folder_ / "link.npy");
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void expectUntouched() const { EXPECT_EQ(core::readFile(folder_ / "labels.npy"), before_); }

  test_support::TemporaryFolder folder_;
  std::string before_;
};

TEST_F(OwnPlaces, NoInputIsWrittenOver) {
  const std::string labels = path("labels.npy"), read = " is read by this command and would be overwritten";
  expectRefused({"contour", "--labels", labels, "--output", labels}, "--output: " + labels + read);
  expectRefused({"contour", "--labels", labels, "--output", path("link.npy")},
                "--output: " + path("link.npy"));
  expectRefused({"contour", "--labels", labels, "--output", path("b.npy"), "--depth", labels}, "--depth: ");
  expectRefused({"loss", "--logits", path("z.npy"), "--labels", labels, "--gradient", labels},
                "--gradient: ");
  expectRefused({"evaluate", "--reference", labels, "--prediction", labels, "--tolerance", path("t.csv"),
                 "--output", path("t.csv")},
                "--output: ");
  expectRefused({"export", "--model", path("run"), "--format", "monai-bundle", "--output", path("")},
                "--output: ");
  EXPECT_FALSE(fs::exists(folder_ / "b.npy"));
  expectUntouched();
}

TEST_F(OwnPlaces, NothingIsWrittenTwice) {
  expectRefused(
      {"contour", "--labels", path("labels.npy"), "--output", path("b.npy"), "--depth", path("./b.npy")},
      "--depth: " + path("./b.npy") + " would be written twice");
  EXPECT_FALSE(fs::exists(folder_ / "b.npy"));
}

TEST_F(OwnPlaces, AHeadersVoxelsAreItsOwnToo) {
  const std::string header =
      "ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nElementType = MET_UCHAR\nElementDataFile = ";
  core::writeFileWhole(folder_ / "seg.mhd", header + "seg.raw\n");
  core::writeFileWhole(folder_ / "seg.raw", std::string("\0\0\1\1\0\1\0\1", 8));
  const ProgramResult result = runRind(
      {"contour", "--labels", path("seg.mhd"), "--output", path("seg.nhdr"), "--depth", path("d.mhd")});
  ASSERT_EQ(result.status, 0) << result.errors;
  EXPECT_EQ(core::readFile(folder_ / "seg.raw"), std::string("\0\0\1\1\0\1\0\1", 8));
  EXPECT_TRUE(fs::exists(folder_ / "seg.nhdr.raw"));
  core::writeFileWhole(folder_ / "other.mhd", header + "x.nhdr.raw\n");
  core::writeFileWhole(folder_ / "x.nhdr.raw", std::string("\0\0\1\1\0\1\0\1", 8));
  expectRefused({"contour", "--labels", path("other.mhd"), "--output", path("x.nhdr")},
                "--output: " + path("x.nhdr.raw") + " is read by this command");
}

TEST_F(OwnPlaces, WhatCannotBeWrittenIsRefusedBeforeItIsMade) {
  expectRefused({"contour", "--labels", path("labels.npy"), "--output", path("b.dcm")},
                "--output: \"" + path("b.dcm") + "\" has no extension of a volume that can be written");
  expectRefused({"evaluate", "--reference", path("labels.npy"), "--prediction", path("labels.npy"),
                 "--tolerance", path("t_summary.csv"), "--output", path("t.csv")},
                "--output: " + path("t_summary.csv") + " is read by this command");
}

}  // namespace
}  // namespace rind::app::testing
