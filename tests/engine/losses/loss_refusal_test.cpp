// What evaluate refuses, in one sentence that names the place.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "loss_case.h"
#include "rind/core/error.h"

namespace rind::losses::testing {
namespace {

using ::testing::HasSubstr;

std::string refusal(const LossCase& made, const core::LossSettings& settings = {}) {
  try {
    evaluate(made.logits, made.target, settings, false, true);
  } catch (const core::InputError& error) {
    return error.what();
  }
  return "accepted";
}

LossCase good(at::ScalarType type = at::kFloat) {
  LossCase made = randomCase({2, 3, 4, 5, 6}, 1);
  made.logits = made.logits.to(type);
  return made;
}

TEST(LossRefusal, AFittingCaseIsAccepted) {
  EXPECT_EQ(refusal(good()), "accepted");
}

TEST(LossRefusal, NamesTheVoxelOfALogitThatIsNotFinite) {
  for (const double value :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity()}) {
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16, at::kDouble}) {
      LossCase made = good(type);
      made.logits.select(0, 1).select(0, 2).select(0, 3).select(0, 4).select(0, 5).fill_(value);
      EXPECT_THAT(refusal(made), HasSubstr("voxel (z 3, y 4, x 5) of sample 1")) << value;
    }
  }
}

TEST(LossRefusal, NamesTheVoxelOfALabelBeyondTheClasses) {
  for (const at::ScalarType type : {at::kFloat, at::kDouble}) {
    LossCase made = good(type);
    made.target.labels.select(0, 0).select(0, 1).select(0, 2).select(0, 3).fill_(3);
    EXPECT_THAT(refusal(made), HasSubstr("label 3 at voxel (z 1, y 2, x 3) of sample 0"));
  }
}

TEST(LossRefusal, ShapesThatDoNotFit) {
  LossCase made = good();
  made.target.labels = made.target.labels.narrow(3, 0, 5);
  EXPECT_THAT(refusal(made), HasSubstr("labels: the shape [2, 4, 5, 5] does not fit logits [2, 3, 4, 5, 6]"));
  made = good();
  made.target.band = at::Tensor();
  EXPECT_THAT(refusal(made), HasSubstr("band: nothing given"));
  made = good();
  made.logits = made.logits[0];
  EXPECT_THAT(refusal(made), HasSubstr("[B, C, D, H, W]"));
  made = good();
  made.logits = made.logits.narrow(1, 0, 1);
  EXPECT_THAT(refusal(made), HasSubstr("1 classes"));
  made = good();
  made.logits = made.logits.narrow(4, 0, 0);
  EXPECT_THAT(refusal(made), HasSubstr("no voxel"));
}

TEST(LossRefusal, TypesThatDoNotFit) {
  LossCase made = good();
  made.target.labels = made.target.labels.to(at::kLong);
  EXPECT_THAT(refusal(made), HasSubstr("give uint8"));
  made = good(at::kInt);
  EXPECT_THAT(refusal(made), HasSubstr("logits: their type is Int"));
}

TEST(LossRefusal, DwceWithoutWeights) {
  LossCase made = good();
  made.target.weight = at::Tensor();
  EXPECT_EQ(refusal(made), "accepted");
  EXPECT_THAT(refusal(made, {.kind = core::LossKind::dwce}), HasSubstr("weight: nothing given"));
}

TEST(LossRefusal, SettingsOutsideTheirRange) {
  EXPECT_THAT(refusal(good(), {.lambda = 1.5}), HasSubstr("--lambda"));
  EXPECT_THAT(refusal(good(), {.alpha = -1}), HasSubstr("--alpha"));
  EXPECT_THAT(refusal(good(), {.epsilon = 0.0}), HasSubstr("--epsilon"));
}

}  // namespace
}  // namespace rind::losses::testing
