// Values and gradients of every loss against shared/oracles: float64 composed, float32 fused and composed.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <fstream>

#include "loss_case.h"
#include "loss_oracle.h"
#include "rind/core/npy.h"
#include "rind/losses/array_loss.h"
#include "rind/test_support/shared_data.h"

namespace rind::losses::testing {
namespace {

using nlohmann::json;
using Evaluate = decltype(&evaluate);

json readCase(const std::filesystem::path& folder) {
  return json::parse(std::ifstream(folder / "case.json"));
}

double limit(const json& tolerance, double expected) {
  return tolerance.at("rel").get<double>() * std::abs(expected) + tolerance.at("abs").get<double>();
}

struct Way {
  at::ScalarType type;
  std::string name;  // as in the case's tolerances
  Evaluate evaluate;
};

const std::vector<Way>& ways() {
  static const std::vector<Way> all = {{at::kDouble, "float64", evaluateComposed},
                                       {at::kFloat, "float32", evaluateComposed},
                                       {at::kFloat, "float32", evaluate}};
  return all;
}

void checkGradient(const at::Tensor& gradient, const std::filesystem::path& file, const json& tolerance) {
  const at::Tensor expected = readTensor(file);
  const double largest = expected.abs().max().item<double>();
  const double error = (gradient.to(at::kDouble) - expected).abs().max().item<double>();
  EXPECT_LE(error, tolerance.at("of_max_abs").get<double>() * largest + tolerance.at("abs").get<double>());
}

void checkExpected(const std::filesystem::path& folder, const json& tolerance, const json& expected,
                   const Way& way) {
  SCOPED_TRACE(folder.filename().string() + " " + expected.value("id", "") + " " + way.name);
  const OracleSettings settings = oracleSettings(expected);
  Target target{readTensor(folder / "labels.npy"), readTensor(folder / "contour.npy"), {}};
  if (expected.contains("weight_map")) target.weight = readTensor(folder / expected.at("weight_map"));
  const at::Tensor logits = readTensor(folder / "logits.npy").to(way.type);
  const Evaluation got = way.evaluate(logits, target, settings.loss, settings.include_background, true);
  const double value = expected.at("value");
  EXPECT_NEAR(got.report.total, value, limit(tolerance.at("value_" + way.name), value));
  if (expected.contains("gradient"))
    checkGradient(got.gradient, folder / expected.at("gradient"), tolerance.at("gradient_" + way.name));
}

TEST(LossOracles, ValuesAndGradientsOfEveryCase) {
  RIND_REQUIRE_SHARED("oracles/loss");
  for (const auto& folder : test_support::oracleCases("loss")) {
    const json description = readCase(folder);
    for (const json& expected : description.at("expected"))
      for (const Way& way : ways()) checkExpected(folder, description.at("tolerance"), expected, way);
  }
}

TEST(LossOracles, TermsAreThoseOfThePartsThatTheOraclesName) {
  RIND_REQUIRE_SHARED("oracles/loss");
  int compared = 0;
  for (const auto& folder : test_support::oracleCases("loss")) {
    const json description = readCase(folder);
    for (const json& expected : description.at("expected")) {
      if (!expected.contains("parts")) continue;
      const OracleSettings settings = oracleSettings(expected);
      const Target target{readTensor(folder / "labels.npy"), readTensor(folder / "contour.npy"), {}};
      const Evaluation got = evaluateComposed(readTensor(folder / "logits.npy").to(at::kDouble), target,
                                              settings.loss, settings.include_background, false);
      for (const auto& [name, value] : got.report.terms) {
        if (!expected.at("parts").contains(name) || !expected.at("parts").at(name).is_number()) continue;
        const bool dice =
            name.ends_with("_dice");  // the terms are losses, the oracles' parts are Dice scores
        const double part = expected.at("parts").at(name);
        EXPECT_NEAR(value, dice ? 1 - part : part, 1e-10) << folder << " " << name;
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 40);
}

TEST(LossOracles, LossesOfArraysMakeTheirOwnContours) {
  RIND_REQUIRE_SHARED("oracles/loss");
  for (const auto& folder : test_support::oracleCases("loss")) {
    const json description = readCase(folder);
    const core::NpyArray logits = core::readNpy(folder / "logits.npy");
    const core::NpyArray labels = core::readNpy(folder / "labels.npy");
    for (const json& expected : description.at("expected")) {
      SCOPED_TRACE(folder.filename().string() + " " + expected.value("id", ""));
      const OracleSettings settings = oracleSettings(expected);
      const core::ContourSettings contour{.iterations = description.at("contour").at("n"),
                                          .kernel = description.at("contour").at("s"),
                                          .border = core::parseBorder(description.at("contour").at("border")),
                                          .include_background = settings.include_background};
      const double value = expected.at("value");
      for (const Precision precision : {Precision::fp32, Precision::fp64}) {
        const json& tolerance =
            description.at("tolerance").at(precision == Precision::fp32 ? "value_float32" : "value_float64");
        const ArrayLoss got = lossOfArrays(logits, labels, {settings.loss, contour, precision, true});
        EXPECT_NEAR(got.value, value, limit(tolerance, value));
        EXPECT_EQ(got.gradient.shape, logits.shape);
        EXPECT_EQ(got.gradient.type, precision == Precision::fp32 ? "f4" : "f8");
      }
    }
  }
}

void fillBox(at::Tensor& labels, const json& box) {
  const auto range = [&](const char* axis, std::int64_t dimension, const at::Tensor& in) {
    const std::int64_t low = box.at(axis).at(0), high = box.at(axis).at(1);
    return in.narrow(dimension, low, high - low);
  };
  range("x", 3, range("y", 2, range("z", 1, labels))).fill_(box.at("label").get<int>());
}

/// The zero-border band of thickness n of each voxel's own class, by iterated max-pooling of each class's
/// mask.
at::Tensor erodedBand(const at::Tensor& labels, std::int64_t classes, int iterations) {
  at::Tensor band = at::zeros_like(labels);
  for (std::int64_t j = 0; j < classes; ++j) {
    at::Tensor outside = labels.ne(j).to(at::kFloat).unsqueeze(1);
    for (int n = 0; n < iterations; ++n) {
      outside = at::constant_pad_nd(outside, {1, 1, 1, 1, 1, 1}, 1);
      for (const std::int64_t axis : {2, 3, 4}) {
        const std::int64_t inner = outside.size(axis) - 2;
        outside = at::maximum(at::maximum(outside.narrow(axis, 0, inner), outside.narrow(axis, 1, inner)),
                              outside.narrow(axis, 2, inner));
      }
    }
    band += labels.eq(j) * outside.squeeze(1).to(at::kByte);
  }
  return band;
}

TEST(LossOracles, AMillionVoxelsDoNotCostDigits) {
  RIND_REQUIRE_SHARED("oracles/large");
  for (const auto& folder : test_support::oracleCases("large")) {
    const json description = readCase(folder);
    const std::vector<std::int64_t> shape = description.at("shape");
    at::Tensor labels = at::zeros({shape[0], shape[2], shape[3], shape[4]}, at::kByte);
    for (const json& box : description.at("boxes")) fillBox(labels, box);
    const std::vector<std::vector<double>> by_label = description.at("logits_by_label");
    at::Tensor logits = at::empty(shape, at::kDouble);
    for (std::int64_t c = 0; c < shape[1]; ++c) {
      std::vector<double> of_class;
      for (const auto& row : by_label) of_class.push_back(row[static_cast<std::size_t>(c)]);
      logits.select(1, c).copy_(at::tensor(of_class, at::kDouble)
                                    .index_select(0, labels.flatten().to(at::kInt))
                                    .view(labels.sizes()));
    }
    const Target target{labels, erodedBand(labels, shape[1], description.at("contour").at("n")), {}};
    const at::Tensor single = logits.to(at::kFloat);
    for (const json& expected : description.at("expected")) {
      SCOPED_TRACE(expected.at("loss").get<std::string>());
      const OracleSettings settings = oracleSettings(expected);
      const double value = expected.at("value");
      const json& tolerance = description.at("tolerance");
      EXPECT_NEAR(
          evaluateComposed(logits, target, settings.loss, settings.include_background, false).report.total,
          value, limit(tolerance.at("value_float64"), value));
      EXPECT_NEAR(evaluate(single, target, settings.loss, settings.include_background, false).report.total,
                  value, limit(tolerance.at("value_float32"), value));
    }
  }
}

}  // namespace
}  // namespace rind::losses::testing
