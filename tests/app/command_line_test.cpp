// What `rind` says of a wrong command line, and that it never writes over what it reads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "rind/core/atomic_file.h"
#include "rind/core/npy.h"
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

}  // namespace
}  // namespace rind::app::testing
