#pragma once

#include <QStringList>
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
  std::size_t broken_scores = 0;  // lines of scores.csv that cannot be read
  int scored_epoch = 0;           // the best, whose weights `scores` are of; 0 where no epoch says that it is
};

/// Two runs or more. The first is what the others are compared with.
struct RunComparison {
  std::vector<ComparedRun> runs;
  std::vector<DifferentSetting> settings;
  QStringList notes;  // what makes the comparison weaker, a sentence each
};

/// Reads the runs. Throws InputError where one cannot be opened.
RunComparison readComparison(const std::vector<std::filesystem::path>& folders);

/// Scores that are not compared, and why: cases of a class; for the mean over classes, pairs of a case and a
/// class.
struct LeftOut {
  int infinite = 0;  // an infinite distance in a run: the class is in the reference or the prediction only
  int no_score = 0;  // else: a run has none, or the class is in neither
  std::vector<int> by_run;  // how often each run's own distance is infinite
};

/// A class's scores over the cases where every run has a finite one; the mean over classes has label 0.
struct ComparedClass {
  int label = 0;
  std::string name;  // as in the file; "mean of classes" for the mean
  std::vector<ComparedCase> cases;
  int left_out = 0;  // cases with a score in some runs only, or none that is finite
  LeftOut why;
  std::vector<double> means;                  // of each run; NaN without a case
  std::vector<PairedDifference> differences;  // of each run to the first; the first's own has zeros only
};

/// The mean over classes first, then each class that has one name in all runs, by label.
std::vector<ComparedClass> compareClasses(const RunComparison& comparison, ScoreKind kind);

/// "dsc", "nsd_1mm", "hd95_mm": as in scores.csv.
std::string nameOf(ScoreKind kind);

/// Everything in one long table (RFC 4180): what,score,class,name,case,run,value. `what` is setting, epoch,
/// score, mean, infinite (how often in that run), difference_mean, difference_median, pairs, p, left_out
/// (cases), and why: left_out_infinite and left_out_no_score (LeftOut).
std::string toCsv(const RunComparison& comparison);

}  // namespace rind::models
