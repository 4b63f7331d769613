#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace rind::models {

/// One line of scores.csv: a class in a validation case, with the run's best weights. NaN where a score is
/// not a number (the class is in neither volume), infinite distances where it is in one only.
struct CaseScore {
  std::string case_id;
  int label = 0;
  std::string name;
  double dsc = 0;
  double nsd = 0;   // at 1 mm
  double hd95 = 0;  // mm
  double assd = 0;  // mm
};

/// Lines that cannot be read are counted and left out.
struct ScoreFile {
  std::vector<CaseScore> scores;
  std::size_t broken_lines = 0;
};

/// Empty where the file is not there.
ScoreFile readScoreFile(const std::filesystem::path& path);

/// Means of one class over the cases where they are numbers; distances over the finite ones.
struct ClassMeans {
  double dsc = 0;
  double nsd = 0;
  double hd95 = 0;
  int cases = 0;     // with a DSC
  int failures = 0;  // with DSC 0
};
ClassMeans meansOf(const std::vector<CaseScore>& scores, int label);

}  // namespace rind::models
