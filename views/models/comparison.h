#pragma once

#include <string>
#include <vector>

#include "rind/core/run_config.h"
#include "rind/models/score_file.h"
#include "rind/models/signed_rank.h"

namespace rind::models {

/// What a setting is worth that the engine chooses itself, in a file and, translated, on the screen.
constexpr const char* kAutomatic = "automatic";

/// A setting that is not the same in all runs, with each run's value as text.
struct DifferentSetting {
  std::string key;
  std::string help;
  std::vector<std::string> values;
};

/// Empty where all runs have the same settings.
std::vector<DifferentSetting> settingsThatDiffer(const std::vector<core::RunConfig>& runs);

enum class ScoreKind { dsc, nsd, hd95 };

/// The score of one case in each run, in the runs' order; NaN where a run has none.
struct ComparedCase {
  std::string case_id;
  std::vector<double> values;
};

/// Cases that any run has scores for, sorted. `label` 0: the mean over the classes that have a finite score
/// in every run that has the case, so that the runs are averaged over the same classes.
std::vector<ComparedCase> compareCases(const std::vector<std::vector<CaseScore>>& runs, int label,
                                       ScoreKind kind);

/// Run `other` less run `first`, over the cases where both are finite.
struct PairedDifference {
  double mean = 0;    // NaN without a case
  double median = 0;  // likewise; of an even number, the mean of the middle two
  int cases = 0;
  int higher = 0;
  int lower = 0;
  SignedRank test;
};
PairedDifference pairedDifference(const std::vector<ComparedCase>& cases, std::size_t first,
                                  std::size_t other);

}  // namespace rind::models
