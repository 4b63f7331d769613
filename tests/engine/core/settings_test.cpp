#include <gtest/gtest.h>

#include "rind/core/contour_settings.h"
#include "rind/core/error.h"
#include "rind/core/loss_settings.h"

namespace rind::core {

TEST(ContourSettings, ThicknessIsIterationsTimesRadius) {
  EXPECT_EQ((ContourSettings{.iterations = 6, .kernel = 3}.thickness()), 6);
  EXPECT_EQ((ContourSettings{.iterations = 2, .kernel = 7}.thickness()), 6);
  EXPECT_EQ((ContourSettings{.iterations = 5, .kernel = 1}.thickness()), 0);
}

TEST(ContourSettings, EvenKernelsAndEmptyIterationsAreRefused) {
  EXPECT_THROW(validate(ContourSettings{.kernel = 4}), InputError);
  EXPECT_THROW(validate(ContourSettings{.kernel = -1}), InputError);
  EXPECT_THROW(validate(ContourSettings{.iterations = 0}), InputError);
  EXPECT_NO_THROW(validate(ContourSettings{.kernel = 1}));
}

TEST(ContourSettings, AdaptiveRulesRoundTrip) {
  for (const char* text : {"off", "share:0.5", "inradius:0.25"})
    EXPECT_EQ(toString(parseAdaptive(text)), text);
  for (const char* text : {"", "share", "share:", "share:x", "half:0.5", "share:0.5x"})
    EXPECT_THROW(parseAdaptive(text), InputError) << text;
  EXPECT_THROW(validate(ContourSettings{.adaptive = {AdaptiveRule::share, 1.5}}), InputError);
}

TEST(LossSettings, NamesRoundTripAndRangesAreKept) {
  for (const LossKind kind : allLossKinds()) EXPECT_EQ(parseLossKind(toString(kind)), kind);
  EXPECT_THROW(parseLossKind("focal"), InputError);
  EXPECT_THROW(validate(LossSettings{.lambda = 1.01}), InputError);
  EXPECT_THROW(validate(LossSettings{.lambda = -0.1}), InputError);
  EXPECT_THROW(validate(LossSettings{.alpha = -1}), InputError);
  EXPECT_THROW(validate(LossSettings{.epsilon = 0.0}), InputError);
}

}  // namespace rind::core
