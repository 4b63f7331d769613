#include "rind/metrics/score_summary.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>

#include "rind/core/quantile.h"

namespace rind::metrics {
namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

/// The scores of one class, each with its case.
struct Entry {
  const ClassScore* score;
  const std::string* case_name;
};

using Read = std::function<double(const ClassScore&)>;

double mean(const std::vector<double>& values) {
  if (values.empty()) return kNotANumber;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviation(const std::vector<double>& values) {
  if (values.size() < 2) return kNotANumber;
  const double centre = mean(values);
  double sum = 0;
  for (const double v : values) sum += (v - centre) * (v - centre);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

Distribution distribution(const std::vector<Entry>& entries, bool larger_is_worse, const Read& read) {
  Distribution result;
  result.worst = kNotANumber;
  std::vector<double> finite;
  for (const Entry& entry : entries) {
    const double value = read(*entry.score);
    if (std::isnan(value)) continue;
    if (std::isfinite(value)) finite.push_back(value);
    if (std::isinf(value)) ++result.infinite;
    const bool worse = larger_is_worse ? value > result.worst : value < result.worst;
    if (!std::isnan(result.worst) && !worse) continue;
    result.worst = value;
    result.worst_case = *entry.case_name;
  }
  std::sort(finite.begin(), finite.end());
  result.finite = static_cast<int>(finite.size());
  result.mean = mean(finite);
  result.standard_deviation = deviation(finite);
  result.median = core::quantile(finite, 0.5);
  result.lower_quartile = core::quantile(finite, 0.25);
  result.upper_quartile = core::quantile(finite, 0.75);
  return result;
}

ClassSummary summariseClass(int label, const std::vector<Entry>& entries) {
  ClassSummary summary;
  summary.label = label;
  summary.dsc = distribution(entries, false, [](const ClassScore& s) { return s.dsc; });
  summary.hd95 = distribution(entries, true, [](const ClassScore& s) { return s.hd95; });
  summary.assd = distribution(entries, true, [](const ClassScore& s) { return s.assd; });
  for (std::size_t t = 0; t < entries.front().score->nsd.size(); ++t)
    summary.nsd.push_back(distribution(entries, false, [t](const ClassScore& s) { return s.nsd.at(t); }));
  std::vector<double> succeeded;
  for (const Entry& entry : entries) {
    if (entry.score->dsc > 0) succeeded.push_back(entry.score->dsc);
    if (entry.score->dsc == 0) ++summary.failures;
  }
  summary.mean_dsc_without_failures = mean(succeeded);
  return summary;
}

double meanOverClasses(const std::vector<ClassSummary>& classes, double (*read)(const ClassSummary&)) {
  std::vector<double> values;
  for (const ClassSummary& c : classes)
    if (!std::isnan(read(c))) values.push_back(read(c));
  return mean(values);
}

}  // namespace

Summary summarise(const std::vector<CaseScores>& cases) {
  std::map<int, std::vector<Entry>> by_label;
  for (const CaseScores& one : cases)
    for (const ClassScore& score : one.classes) by_label[score.label].push_back({&score, &one.name});
  Summary summary;
  for (const auto& [label, entries] : by_label) summary.classes.push_back(summariseClass(label, entries));
  summary.mean_dsc = meanOverClasses(summary.classes, [](const ClassSummary& c) { return c.dsc.mean; });
  summary.mean_dsc_without_failures =
      meanOverClasses(summary.classes, [](const ClassSummary& c) { return c.mean_dsc_without_failures; });
  return summary;
}

}  // namespace rind::metrics
