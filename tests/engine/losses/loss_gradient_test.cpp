// Gradients against finite differences, and the fused kernels against plain LibTorch calls.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <omp.h>

#include "fused_equals_composed.h"

namespace rind::losses::testing {
namespace {

TEST(LossGradient, EqualsCentralDifferencesInDouble) {
  LossCase made = randomCase({2, 4, 2, 3, 3}, 11);
  for (const core::LossSettings& settings : everyLoss()) {
    for (const bool background : {false, true}) {
      const Evaluation at_point = evaluateComposed(made.logits, made.target, settings, background, true);
      const double scale = at_point.gradient.abs().max().item<double>();
      auto* const logits = made.logits.mutable_data_ptr<double>();
      const auto* const gradient = at_point.gradient.const_data_ptr<double>();
      constexpr double kStep = 1e-5;
      for (std::int64_t i = 0; i < made.logits.numel(); i += 5) {
        const double here = logits[i];
        const auto value_at = [&](double z) {
          logits[i] = z;
          return evaluateComposed(made.logits, made.target, settings, background, false).report.total;
        };
        const double difference = (value_at(here + kStep) - value_at(here - kStep)) / (2 * kStep);
        logits[i] = here;
        ASSERT_NEAR(gradient[i], difference, 1e-6 * scale + 1e-10) << nameOf(settings) << " logit " << i;
      }
    }
  }
}

TEST(LossReport, TermsAndClassPartsAddUpToTheTotal) {
  const LossCase made = randomCase({2, 5, 4, 5, 6}, 3);
  for (const core::LossSettings& settings : everyLoss()) {
    const LossReport report = evaluate(made.logits, made.target, settings, false, false).report;
    double terms = 0, parts = 0;
    for (const auto& [name, value] : report.terms) terms += value;
    for (const ClassPart& part : report.classes) parts += part.contour + part.interior;
    EXPECT_NEAR(terms, report.total, 1e-12) << nameOf(settings);
    EXPECT_NEAR(parts, report.total, 1e-7) << nameOf(settings);  // GDL leaves out ε over its denominator
    EXPECT_EQ(report.classes.size(), 5U);
  }
}

TEST(LossReport, GradientSharesSumTheGradientOverEachRegion) {
  const LossCase made = randomCase({1, 3, 4, 5, 6}, 5);
  Evaluation evaluation = evaluate(made.logits, made.target, {}, false, true);
  addGradientShares(evaluation, made.target);
  const at::Tensor magnitude = evaluation.gradient.abs().sum(1);
  const at::Tensor in_band = made.target.labels.eq(2).logical_and(made.target.band.eq(1));
  EXPECT_NEAR(evaluation.report.classes[2].gradient_contour,
              magnitude.masked_select(in_band).sum().item<double>(), 1e-12);
  double all = 0;
  for (const ClassPart& part : evaluation.report.classes)
    all += part.gradient_contour + part.gradient_interior;
  EXPECT_NEAR(all, magnitude.sum().item<double>(), 1e-12);
}

TEST(FusedKernel, EqualsComposedForShapesTypesAndLayouts) {
  // Fewer voxels than a block, just a block, blocks and a rest; samples that end within a block; 2 to 20
  // classes.
  const std::vector<CaseShape> shapes = {{1, 2, 1, 1, 1},   {2, 3, 3, 5, 7},    {1, 5, 4, 8, 8},
                                         {3, 16, 5, 9, 13}, {1, 20, 7, 11, 17}, {2, 7, 8, 16, 16}};
  std::uint64_t seed = 100;
  for (const CaseShape& shape : shapes) {
    const LossCase made = randomCase(shape, ++seed);
    for (const core::LossSettings& settings : everyLoss())
      for (const Layout& layout : kLayouts) expectFusedEqualsComposed(made, settings, layout);
  }
}

TEST(FusedKernel, EqualsComposedForManyVoxels) {  // of bfloat16, probabilities are kept from pass to pass
  const LossCase made = randomCase({1, 16, 64, 64, 65}, 30);
  for (const core::LossKind kind :
       {core::LossKind::ce, core::LossKind::dl, core::LossKind::gdl, core::LossKind::cwcd})
    for (const Layout& layout : kLayouts) expectFusedEqualsComposed(made, {.kind = kind}, layout);
}

TEST(FusedKernel, TakesTheLargestNumberOfClasses) {
  const LossCase made = randomCase({1, 256, 3, 10, 11}, 8);
  for (const Layout& layout : kLayouts) expectFusedEqualsComposed(made, {}, layout);
}

TEST(FusedKernel, StandsLogitsOfAnyFiniteSize) {
  LossCase made = randomCase({1, 4, 3, 6, 7}, 9);
  made.logits *= 1000;
  const at::Tensor logits = made.logits.to(at::kFloat);
  const Evaluation fused = evaluate(logits, made.target, {}, false, true);
  const Evaluation exact = evaluateComposed(logits.to(at::kDouble), made.target, {}, false, true);
  EXPECT_NEAR(fused.report.total, exact.report.total, 1e-5 * exact.report.total);
  EXPECT_LE((fused.gradient - exact.gradient).abs().max().item<double>(),
            1e-5 * exact.gradient.abs().max().item<double>());
}

TEST(FusedKernel, IsTheSameForAnyNumberOfThreadsAndEveryRun) {
  const LossCase made = randomCase({2, 6, 16, 24, 33}, 12);
  const at::Tensor logits = made.logits.to(at::kFloat);
  const int threads = omp_get_max_threads();
  std::vector<Evaluation> runs;
  for (const int count : {1, 2, 3, 3}) {
    omp_set_num_threads(count);
    runs.push_back(evaluate(logits, made.target, {}, false, true));
  }
  omp_set_num_threads(threads);
  for (const Evaluation& run : runs) {
    EXPECT_EQ(run.report.total, runs.front().report.total);
    EXPECT_TRUE(at::equal(run.gradient, runs.front().gradient));
  }
}

TEST(FusedKernel, OtherMemoryLayoutsAreComposed) {
  const LossCase made = randomCase({1, 3, 4, 5, 6}, 21);
  const at::Tensor straight = made.logits.to(at::kFloat);
  const at::Tensor odd = straight.transpose(2, 4).contiguous().transpose(2, 4);
  const Evaluation got = evaluate(odd, made.target, {}, false, true);
  const Evaluation expected = evaluate(straight, made.target, {}, false, true);
  EXPECT_NEAR(got.report.total, expected.report.total, 1e-6);
  EXPECT_TRUE(at::allclose(got.gradient, expected.gradient, 1e-4, 1e-7));
}

TEST(LossGradient, DescentLearnsTheLabels) {
  const LossCase made = randomCase({1, 4, 4, 6, 8}, 31);
  for (const core::LossSettings& settings : everyLoss()) {
    at::Tensor logits = at::zeros_like(made.logits, at::kFloat);
    const double before = evaluate(logits, made.target, settings, false, false).report.total;
    for (int step = 0; step < 300; ++step) {
      const at::Tensor gradient = evaluate(logits, made.target, settings, false, true).gradient;
      logits -= 0.1 * gradient / (gradient.abs().max() + 1e-12);  // steps of one length for all losses
    }
    const at::Tensor learnt = logits.argmax(1).eq(made.target.labels);
    EXPECT_LT(evaluate(logits, made.target, settings, false, false).report.total, 0.5 * before)
        << nameOf(settings);
    EXPECT_GT(learnt.to(at::kDouble).mean().item<double>(), 0.97) << nameOf(settings);
  }
}

}  // namespace
}  // namespace rind::losses::testing
