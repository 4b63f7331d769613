// The loss that is not waited for, on the processor, beside the one that is.
#include "rind/losses/late_loss.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "loss_case.h"
#include "rind/core/error.h"

namespace rind::losses::testing {
namespace {

void expectEqual(const LossReport& found, const LossReport& expected) {
  EXPECT_EQ(found.total, expected.total);
  EXPECT_EQ(found.terms, expected.terms);
  ASSERT_EQ(found.classes.size(), expected.classes.size());
  for (std::size_t c = 0; c < found.classes.size(); ++c) {
    EXPECT_EQ(found.classes[c].contour, expected.classes[c].contour);
    EXPECT_EQ(found.classes[c].interior, expected.classes[c].interior);
  }
}

class LateLosses : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!LateLoss::possible(at::kCPU, 3)) GTEST_SKIP() << "built without the fused kernels";
  }

  LateLoss late_{at::kCPU, 3};
  LossCase made_ = randomCase({2, 3, 5, 6, 7}, 60);  // with weights
  Target unweighted_ = {made_.target.labels, made_.target.band, {}};
  at::Tensor logits_ = made_.logits.to(at::kFloat);
};

}  // namespace

TEST_F(LateLosses, AreThoseThatAreWaitedForInTheOrderInWhichTheyWereExpected) {
  std::vector<Evaluation> expected;
  std::vector<Target> targets;
  for (const auto& settings : everyLoss()) {
    for (const bool background : {false, true}) {
      expected.push_back(evaluate(logits_, made_.target, settings, background, true));
      targets.push_back(made_.target);
      if (!needsWeight(settings.kind)) targets.back().weight.reset();
      late_.expect(settings, background);
    }
  }
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto enqueued = late_.evaluate(logits_, targets[i]);
    EXPECT_TRUE(at::equal(enqueued.gradient, expected[i].gradient));
    EXPECT_EQ(enqueued.fault.item<float>(), 0);
  }
  for (const auto& one : expected) expectEqual(late_.take(), one.report);
  EXPECT_THROW(late_.take(), std::logic_error);
}

TEST_F(LateLosses, SayWhereThereIsNoFiniteOne) {
  at::Tensor bad = logits_.clone();
  bad[1][2][3][4][5] = std::numeric_limits<float>::quiet_NaN();
  late_.expect({}, false);
  late_.expect({}, false);
  EXPECT_EQ(late_.evaluate(bad, unweighted_).fault.item<float>(), 1);
  EXPECT_EQ(late_.evaluate(logits_, unweighted_).fault.item<float>(), 0);
  EXPECT_TRUE(std::isnan(late_.take().total));
  EXPECT_TRUE(std::isfinite(late_.take().total));
}

TEST_F(LateLosses, RefuseWhatCannotBeCompared) {
  Target beyond = unweighted_;
  beyond.labels = beyond.labels.clone();
  beyond.labels[0][0][0][0] = 3;
  late_.expect({}, false);
  EXPECT_EQ(late_.evaluate(logits_, beyond).fault.item<float>(), 1);
  EXPECT_THROW(late_.take(), core::InputError);
  EXPECT_THROW(late_.evaluate(logits_.slice(2, 1), unweighted_), core::InputError);
}

TEST_F(LateLosses, ForgetAllButTheOldest) {
  for (int i = 0; i < 4; ++i) late_.expect({.kind = core::LossKind::ce}, false);
  for (int i = 0; i < 3; ++i) late_.evaluate(logits_, unweighted_);
  late_.forget(1);
  late_.take();
  EXPECT_THROW(late_.take(), std::logic_error);
}

}  // namespace rind::losses::testing
