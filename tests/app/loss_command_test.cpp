// `rind loss` as a researcher uses it: files in, value, terms and gradient out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "rind/core/npy.h"
#include "rind/test_support/shared_data.h"
#include "rind_program.h"

namespace rind::app::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using Arguments = std::vector<std::string>;
namespace fs = std::filesystem;

json readCase(const fs::path& folder) {
  return json::parse(std::ifstream(folder / "case.json"));
}

/// `rind loss` for one entry of `expected`, contours made from the labels.
Arguments argumentsFor(const fs::path& folder, const json& contour, const json& expected) {
  std::string loss = expected.at("loss");
  for (char& letter : loss) letter = static_cast<char>(std::tolower(letter));
  const bool authors = loss == "cwcd_authors";
  Arguments arguments = {"loss",
                         "--logits",
                         (folder / "logits.npy").string(),
                         "--labels",
                         (folder / "labels.npy").string(),
                         "--loss",
                         authors ? "cwcd" : loss,
                         "--preset",
                         authors ? "authors" : "paper",
                         "--kernel",
                         contour.at("s").dump(),
                         "--iterations",
                         contour.at("n").dump(),
                         "--border",
                         contour.at("border")};
  const std::vector<std::pair<std::string, std::string>> options = {{"alpha", "--alpha"},
                                                                    {"lambda", "--lambda"},
                                                                    {"eps", "--epsilon"},
                                                                    {"w0", "--w0"},
                                                                    {"sigma", "--sigma"}};
  const json& given = expected.at("params");
  for (const auto& [name, option] : options)
    if (given.contains(name)) arguments.insert(arguments.end(), {option, given.at(name).dump()});
  if (given.value("background", false)) arguments.emplace_back("--include-background");
  return arguments;
}

double largestDifference(const fs::path& got, const fs::path& expected) {
  const std::vector<double> a = core::readNpy(got).as<double>();
  const std::vector<double> b = core::readNpy(expected).as<double>();
  EXPECT_EQ(a.size(), b.size());
  double largest = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

void expectOracle(const std::string& name, const std::string& precision) {
  const fs::path folder = test_support::sharedFolder() / "oracles/loss" / name;
  const test_support::TemporaryFolder output;
  const json description = readCase(folder);
  const std::string suffix = precision == "fp64" ? "float64" : "float32";
  const json& tolerance = description.at("tolerance");
  for (const json& expected : description.at("expected")) {
    SCOPED_TRACE(name + " " + expected.value("id", "") + " " + precision);
    Arguments arguments = argumentsFor(folder, description.at("contour"), expected);
    const fs::path gradient = output / "gradient.npy";
    arguments.insert(arguments.end(), {"--precision", precision, "--gradient", gradient.string()});
    const ProgramResult result = runRind(arguments);
    ASSERT_EQ(result.status, 0) << result.errors;
    const double value = expected.at("value");
    const json& of_value = tolerance.at("value_" + suffix);
    EXPECT_NEAR(std::stod(result.lastLine()), value,
                of_value.at("rel").get<double>() * std::abs(value) + of_value.at("abs").get<double>());
    if (!expected.contains("gradient")) continue;
    const json& of_gradient = tolerance.at("gradient_" + suffix);
    EXPECT_LE(largestDifference(gradient, folder / expected.at("gradient")),
              of_gradient.at("of_max_abs").get<double>() * expected.at("gradient_max_abs").get<double>() +
                  of_gradient.at("abs").get<double>());
  }
}

TEST(LossCommand, EqualsTheOraclesWithContoursOfItsOwn) {
  RIND_REQUIRE_SHARED("oracles/loss");
  expectOracle("plane", "fp64");
  expectOracle("organs_c16", "fp32");
}

TEST(LossCommand, JsonHasValueAndTerms) {
  RIND_REQUIRE_SHARED("oracles/loss");
  const fs::path folder = test_support::sharedFolder() / "oracles/loss/plane";
  const ProgramResult result = runRind({"loss", "--logits", (folder / "logits.npy").string(), "--labels",
                                        (folder / "labels.npy").string(), "--loss", "cedl", "--json"});
  ASSERT_EQ(result.status, 0) << result.errors;
  const json printed = json::parse(result.lastLine());
  EXPECT_NEAR(printed.at("terms").at("ce").get<double>() + printed.at("terms").at("dl").get<double>(),
              printed.at("value").get<double>(), 1e-12);
}

/// Two classes, 2×2×2 voxels, all logits 0.
struct SmallFiles {
  test_support::TemporaryFolder folder;
  std::vector<float> logits = std::vector<float>(16, 0.0F);
  std::vector<std::uint8_t> labels = {0, 0, 1, 1, 0, 1, 0, 1};

  ProgramResult run(const Arguments& more = {}) const {
    core::writeNpy(folder / "logits.npy", "f4", {1, 2, 2, 2, 2}, logits.data());
    core::writeNpy(folder / "labels.npy", "u1", {1, 2, 2, 2}, labels.data());
    Arguments arguments = {"loss", "--logits", (folder / "logits.npy").string(), "--labels",
                           (folder / "labels.npy").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return runRind(arguments);
  }
};

void expectRefused(const ProgramResult& result, const std::string& message) {
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.output, "");
  EXPECT_THAT(result.errors, HasSubstr("rind: error: "));
  EXPECT_THAT(result.errors, HasSubstr(message));
}

TEST(LossCommand, SaysWhatIsWrongAndWritesNothing) {
  SmallFiles files;
  const std::string gradient = (files.folder / "gradient.npy").string();
  files.labels[3] = 2;
  expectRefused(files.run({"--gradient", gradient}),
                "labels.npy: label 2 at voxel (z 0, y 1, x 1) of sample 0");
  files.labels[3] = 1;
  files.logits[5] = std::numeric_limits<float>::quiet_NaN();
  expectRefused(files.run({"--gradient", gradient}), "logits.npy: NaN or infinity at voxel (z 1, y 0, x 1)");
  files.logits[5] = 0;
  expectRefused(files.run({"--lambda", "1.5"}), "--lambda");
  expectRefused(files.run({"--kernel", "4"}), "--kernel");
  expectRefused(files.run({"--precision", "fp16"}), "--precision");
  expectRefused(files.run({"--iterations", "4294967297"}),
                "--iterations: \"4294967297\" is beyond all bounds");
  expectRefused(files.run({"--gradient", (files.folder / "g.txt").string()}), "--gradient");
  EXPECT_FALSE(fs::exists(gradient));
  EXPECT_EQ(files.run({"--loss", "ce", "--gradient", gradient}).lastLine(), "0.69314718055994529");
  EXPECT_EQ(core::readNpy(gradient).type, "f8");
}

}  // namespace
}  // namespace rind::app::testing
