#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "rind/core/atomic_file.h"
#include "rind/core/npy.h"
#include "rind/metrics/class_score.h"
#include "rind/metrics/surface_points.h"
#include "rind/test_support/shared_data.h"

namespace rind::metrics {
namespace {

using nlohmann::json;

class MetricOracle : public testing::TestWithParam<std::filesystem::path> {};

core::LabelVolume volume(const std::filesystem::path& file) {
  const core::NpyArray array = core::readNpy(file);
  core::LabelVolume result;
  result.size = {array.shape.at(0), array.shape.at(1), array.shape.at(2)};
  result.voxels = array.as<std::uint8_t>();
  return result;
}

double number(const json& value) {
  if (value.is_null()) return std::nan("");
  if (value.is_string()) return INFINITY;
  return value;
}

void expectNear(double got, const json& expected, const json& tolerance, const std::string& what) {
  const double value = number(expected);
  if (std::isnan(value)) {
    EXPECT_TRUE(std::isnan(got)) << what << " is " << got;
  } else if (std::isinf(value)) {
    EXPECT_FALSE(std::isfinite(got)) << what;
  } else {
    EXPECT_NEAR(got, value,
                tolerance.at("rel").get<double>() * std::abs(value) + tolerance.at("abs").get<double>())
        << what;
  }
}

void expectScore(const ClassScore& got, const json& expected, const std::string& surface,
                 const json& tolerance) {
  const std::string of = surface + " class " + std::to_string(got.label) + " ";
  EXPECT_EQ(got.true_positives, expected.at("tp"));
  EXPECT_EQ(got.false_positives, expected.at("fp"));
  EXPECT_EQ(got.false_negatives, expected.at("fn"));
  expectNear(got.dsc, expected.at("dsc"), tolerance, of + "dsc");
  const json& surfaces = expected.at(surface);
  ASSERT_EQ(got.nsd.size(), surfaces.at("nsd").size());
  for (std::size_t t = 0; t < got.nsd.size(); ++t)
    expectNear(got.nsd[t], surfaces.at("nsd")[t], tolerance, of + "nsd");
  expectNear(got.hd95, surfaces.at("hd95"), tolerance, of + "hd95");
  expectNear(got.hd100, surfaces.at("hd100"), tolerance, of + "hd100");
  expectNear(got.assd, surfaces.at("assd"), tolerance, of + "assd");
}

TEST_P(MetricOracle, ScoresAreThoseExpectedUnderBothSurfaces) {
  const json description = json::parse(core::readFile(GetParam() / "case.json"));
  const auto reference = volume(GetParam() / "reference.npy"),
             prediction = volume(GetParam() / "prediction.npy");
  const auto spacing = description.at("spacing_mm").get<std::vector<double>>();
  for (const std::string surface : {"voxel", "surfel"}) {
    ScoreSettings settings;
    settings.surface = parseSurface(surface);
    settings.tolerances = description.at("tolerances_mm").get<std::vector<double>>();
    const auto scores = score(reference, prediction, {spacing[0], spacing[1], spacing[2]},
                              description.at("num_classes"), settings);
    ASSERT_EQ(scores.size(), description.at("expected").size());
    for (std::size_t i = 0; i < scores.size(); ++i)
      expectScore(scores[i], description.at("expected")[i], surface,
                  description.at("tolerance").at("float64"));
  }
}

TEST(PointWeights, AreTheAreasOfTheWholeTable) {
  RIND_REQUIRE_SHARED("oracles/metric/surfel_normals.npy");
  const auto table =
      core::readNpy(test_support::sharedFolder() / "oracles/metric/surfel_normals.npy").as<double>();
  const core::Spacing s = {2.5, 1.25, 0.8};
  const auto weights = pointWeights(Surface::surfel, s);
  for (std::size_t code = 0; code < 256; ++code) {
    double area = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const double* n = &table[(code * 4 + k) * 3];
      area += std::hypot(n[0] * s.y * s.x, n[1] * s.z * s.x, n[2] * s.z * s.y);
    }
    EXPECT_NEAR(weights[code], area, 1e-14) << "code " << code;
  }
}

std::string caseName(const testing::TestParamInfo<std::filesystem::path>& info) {
  return info.param.filename().string();
}

INSTANTIATE_TEST_SUITE_P(Shared, MetricOracle, testing::ValuesIn(test_support::oracleCases("metric")),
                         caseName);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(MetricOracle);

}  // namespace
}  // namespace rind::metrics
