#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "rind/metrics/score_summary.h"

namespace rind::metrics {

/// Scores of many cases with what their numbers mean.
struct ScoreTable {
  Surface surface = Surface::surfel;
  std::vector<double> tolerances;    ///< mm, one a column of NSD; empty where every class has its own
  std::map<int, std::string> names;  ///< of the classes; those without one are "class N"
  std::vector<CaseScores> cases;
  std::vector<std::string> unmatched;  ///< files without a partner
};

std::string className(const ScoreTable& table, int label);

/// {surface, tolerances, cases: [{case, classes: [{class, name, tp, fp, fn, dsc, nsd, hd95, hd100, assd}]}],
/// unmatched, summary: {mean_dsc, mean_dsc_without_failures, classes: […]}}. Not-a-number is null, infinity
/// "inf".
nlohmann::json toJson(const ScoreTable& table);

/// One line a case and class, with a line of column names. "nan" and "inf" as words.
std::string toCsv(const ScoreTable& table);

/// One line a class and score: count, mean, deviation, quartiles, worst case.
std::string summaryToCsv(const ScoreTable& table);

/// The summary for a person, in columns, with both means and the definition of the surface.
std::string summaryToText(const ScoreTable& table);

}  // namespace rind::metrics
