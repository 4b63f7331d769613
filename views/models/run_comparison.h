#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "rind/models/comparison.h"
#include "rind/models/run_folder.h"

namespace rind::models {

/// One run as it is compared: repeats after a resumption are dropped as RunModel drops them.
struct ComparedRun {
  std::filesystem::path path;
  std::string name;
  core::RunConfig config;
  std::vector<messages::Epoch> epochs;
  std::vector<CaseScore> scores;
  int scored_epoch = 0;  // the best, whose weights `scores` are of; 0 where no epoch says that it is
};

/// Two runs or more. The first is what the others are compared with.
struct RunComparison {
  std::vector<ComparedRun> runs;
  std::vector<DifferentSetting> settings;
  std::vector<std::string> notes;  // what makes the comparison weaker, a sentence each
};

/// Reads the runs. Throws InputError where one cannot be opened.
RunComparison readComparison(const std::vector<std::filesystem::path>& folders);

/// A class's scores over the cases where every run has a finite one; the mean over classes has label 0.
struct ComparedClass {
  int label = 0;
  std::string name;
  std::vector<ComparedCase> cases;
  int left_out = 0;                           // cases with a score in some runs only, or none that is finite
  std::vector<double> means;                  // of each run; NaN without a case
  std::vector<PairedDifference> differences;  // of each run to the first; the first's own has zeros only
};

/// The mean over classes first, then each class that has one name in all runs, by label.
std::vector<ComparedClass> compareClasses(const RunComparison& comparison, ScoreKind kind);

/// "dsc", "nsd_1mm", "hd95_mm": as in scores.csv.
std::string nameOf(ScoreKind kind);

/// Everything in one long table (RFC 4180): what,score,class,name,case,run,value. `what` is setting, epoch,
/// score, mean, difference_mean, difference_median, pairs, left_out or p.
std::string toCsv(const RunComparison& comparison);

}  // namespace rind::models
