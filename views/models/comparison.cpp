#include "rind/models/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "rind/core/quantile.h"
#include "rind/core/settings.h"
#include "rind/core/text.h"

namespace rind::models {
namespace {

double scoreOf(const CaseScore& score, ScoreKind kind) {
  if (kind == ScoreKind::nsd) return score.nsd;
  return kind == ScoreKind::hd95 ? score.hd95 : score.dsc;
}

using Scores = std::map<int, double>;  // by class

double meanOver(const Scores& scores, const std::set<int>& classes) {
  double sum = 0;
  for (const int label : classes) sum += scores.at(label);
  return classes.empty() ? std::nan("") : sum / static_cast<double>(classes.size());
}

std::set<int> finiteInAll(const std::vector<Scores>& runs) {
  std::set<int> classes;
  for (const auto& run : runs)
    for (const auto& [label, value] : run) classes.insert(label);
  for (const auto& run : runs)
    if (!run.empty())
      std::erase_if(classes, [&run](int label) {
        const auto found = run.find(label);
        return found == run.end() || !std::isfinite(found->second);
      });
  return classes;
}

}  // namespace

std::vector<DifferentSetting> settingsThatDiffer(const std::vector<core::RunConfig>& runs) {
  std::vector<DifferentSetting> different;
  for (const auto& setting : core::settings()) {
    DifferentSetting row{setting.key, setting.help, {}};
    for (const auto& run : runs) {
      const nlohmann::json value = setting.write(run);
      row.values.push_back(value.is_null() ? kAutomatic : core::textOf(value));
    }
    const bool same = std::all_of(row.values.begin(), row.values.end(),
                                  [&row](const auto& value) { return value == row.values.front(); });
    if (!same) different.push_back(std::move(row));
  }
  return different;
}

std::vector<ComparedCase> compareCases(const std::vector<std::vector<CaseScore>>& runs, int label,
                                       ScoreKind kind) {
  std::map<std::string, std::vector<Scores>> cases;
  for (std::size_t run = 0; run < runs.size(); ++run)
    for (const auto& score : runs[run]) {
      auto& scores = cases[score.case_id];
      scores.resize(runs.size());
      if (label == 0 || score.label == label) scores[run][score.label] = scoreOf(score, kind);
    }
  std::vector<ComparedCase> compared;
  for (const auto& [id, scores] : cases) {
    const auto classes = label == 0 ? finiteInAll(scores) : std::set<int>();
    ComparedCase line{id, {}};
    for (const auto& run : scores) {
      const auto one = run.find(label);
      if (label != 0)
        line.values.push_back(one == run.end() ? std::nan("") : one->second);
      else
        line.values.push_back(run.empty() ? std::nan("") : meanOver(run, classes));
    }
    compared.push_back(std::move(line));
  }
  return compared;
}

PairedDifference pairedDifference(const std::vector<ComparedCase>& cases, std::size_t first,
                                  std::size_t other) {
  std::vector<double> differences;
  PairedDifference result;
  double sum = 0;
  for (const auto& one : cases) {
    const double difference = one.values.at(other) - one.values.at(first);
    if (!std::isfinite(difference)) continue;
    differences.push_back(difference);
    sum += difference;
    result.higher += difference > 0 ? 1 : 0;
    result.lower += difference < 0 ? 1 : 0;
  }
  result.cases = static_cast<int>(differences.size());
  result.mean = differences.empty() ? std::nan("") : sum / static_cast<double>(differences.size());
  result.median = core::median(differences);
  result.test = signedRankTest(differences);
  return result;
}

}  // namespace rind::models
