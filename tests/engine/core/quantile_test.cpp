#include "rind/core/quantile.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rind::core {
namespace {

// Worked out by hand: between values i and i + 1 at (n - 1) times the fraction.

TEST(Quantile, LiesBetweenTheTwoNearestValues) {
  const std::vector<double> sorted = {0.1, 0.4, 0.45, 0.9};
  EXPECT_DOUBLE_EQ(quantile(sorted, 0), 0.1);
  EXPECT_DOUBLE_EQ(quantile(sorted, 0.25), 0.325);
  EXPECT_DOUBLE_EQ(quantile(sorted, 0.5), 0.425);
  EXPECT_DOUBLE_EQ(quantile(sorted, 0.75), 0.5625);
  EXPECT_DOUBLE_EQ(quantile(sorted, 1), 0.9);
}

TEST(Quantile, TheMedianSortsAndOfNothingIsNone) {
  EXPECT_DOUBLE_EQ(median({7, 1, 3}), 3);
  EXPECT_DOUBLE_EQ(median({7, 1, 3, 4}), 3.5);
  EXPECT_TRUE(std::isnan(median({})));
}

}  // namespace
}  // namespace rind::core
