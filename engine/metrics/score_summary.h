#pragma once

#include <string>
#include <vector>

#include "rind/metrics/class_score.h"

namespace rind::metrics {

/// One case: a score for each class.
struct CaseScores {
  std::string name;
  std::vector<ClassScore> classes;
};

/// Over the cases in which a score is a number. Mean, deviation and quartiles are of the finite ones.
struct Distribution {
  int finite = 0;
  int infinite = 0;
  double mean = 0;
  double standard_deviation = 0;  ///< n − 1; not a number for fewer than two
  double median = 0;
  double lower_quartile = 0;  ///< quartiles with linear interpolation
  double upper_quartile = 0;
  double worst = 0;  ///< the least DSC or NSD, the largest distance
  std::string worst_case;
};

struct ClassSummary {
  int label = 0;
  Distribution dsc;
  /// Mean DSC without the cases of DSC 0 (complete failures), as the paper prints it; dsc.mean counts them.
  double mean_dsc_without_failures = 0;
  int failures = 0;  ///< cases of DSC 0
  std::vector<Distribution> nsd;
  Distribution hd95;
  Distribution assd;
};

struct Summary {
  std::vector<ClassSummary> classes;
  /// Means over classes of the two means above, not a number where there is none.
  double mean_dsc = 0;
  double mean_dsc_without_failures = 0;
};

/// One entry for each class that any case has a score of, by label.
Summary summarise(const std::vector<CaseScores>& cases);

}  // namespace rind::metrics
