#pragma once

#include <vector>

namespace rind::models {

/// The Wilcoxon signed-rank test of paired differences against a median of zero, two-sided.
/// Wilcoxon, Individual comparisons by ranking methods, Biometrics Bulletin 1 (1945).
struct SignedRank {
  int pairs = 0;         // that differ: zeros are left out, as Wilcoxon did
  double statistic = 0;  // the smaller of the two rank sums; equal sizes share their mean rank
  double p = 1;          // 1 where no pair differs
  bool exact = false;    // over all assignments of signs (ties kept); else by the normal distribution
};

/// Differences that are not finite are left out. Exact up to 50 pairs.
SignedRank signedRankTest(const std::vector<double>& differences);

}  // namespace rind::models
