#include "rind/models/run_comparison.h"

#include <QObject>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "rind/models/run_model.h"

namespace rind::models {
namespace {

ComparedRun readRun(const std::filesystem::path& folder) {
  RunFolder opened = readRunFolder(folder);
  RunModel model;
  model.applyAll(opened.events);
  ComparedRun run{folder,         folder.filename().string(), opened.config,
                  model.epochs(), std::move(opened.scores),   opened.broken_scores};
  for (const auto& epoch : run.epochs)
    if (epoch.best) run.scored_epoch = epoch.at.epoch;
  return run;
}

std::set<std::string> casesOf(const ComparedRun& run) {
  std::set<std::string> cases;
  for (const auto& score : run.scores) cases.insert(score.case_id);
  return cases;
}

std::map<int, std::set<std::string>> namesByLabel(const RunComparison& comparison) {
  std::map<int, std::set<std::string>> names;
  for (const auto& run : comparison.runs)
    for (const auto& score : run.scores) names[score.label].insert(score.name);
  return names;
}

QString text(const std::string& utf8) {
  return QString::fromStdString(utf8);
}

QStringList notesOn(const ComparedRun& run, const ComparedRun& first) {
  QStringList notes;
  if (run.config.data != first.config.data)
    notes << QObject::tr("%1 has another data set (%2) than %3 (%4): cases are paired by their names only.")
                 .arg(text(run.name), text(run.config.data), text(first.name), text(first.config.data));
  if (run.broken_scores > 0)
    notes << QObject::tr("%1: lines of its scores.csv that are damaged and left out: %2.")
                 .arg(text(run.name))
                 .arg(run.broken_scores);
  else if (run.scores.empty())
    notes << QObject::tr("%1 has no scores per case yet: they come with its first best epoch.")
                 .arg(text(run.name));
  return notes;
}

QStringList notesOn(const RunComparison& comparison) {
  QStringList notes;
  std::set<std::string> common = casesOf(comparison.runs.front());
  for (const auto& run : comparison.runs) {
    notes += notesOn(run, comparison.runs.front());
    const auto cases = casesOf(run);
    std::erase_if(common, [&cases](const auto& id) { return !cases.contains(id); });
  }
  if (common.empty()) notes << QObject::tr("No case has scores in every run, so nothing can be paired.");
  for (const auto& [label, names] : namesByLabel(comparison))
    if (names.size() > 1)
      notes << QObject::tr("Class %1 is “%2” in one run and “%3” in another: it is not compared.")
                   .arg(label)
                   .arg(text(*names.begin()), text(*names.rbegin()));
  return notes;
}

// Scores of the classes that mean the same in all runs.
std::vector<std::vector<CaseScore>> comparableScores(const RunComparison& comparison) {
  const auto names = namesByLabel(comparison);
  std::vector<std::vector<CaseScore>> scores;
  for (const auto& run : comparison.runs) {
    scores.push_back(run.scores);
    std::erase_if(scores.back(), [&names](const auto& score) { return names.at(score.label).size() > 1; });
  }
  return scores;
}

bool isComplete(const ComparedCase& one) {
  return std::all_of(one.values.begin(), one.values.end(), [](double value) { return std::isfinite(value); });
}

bool isInfinite(double value) {
  return std::isinf(value);
}

LeftOut leftOut(const std::vector<ComparedCase>& cases, std::size_t runs) {
  LeftOut why;
  why.by_run.resize(runs);
  for (const auto& one : cases) {
    for (std::size_t run = 0; run < runs; ++run) why.by_run[run] += isInfinite(one.values[run]) ? 1 : 0;
    if (std::any_of(one.values.begin(), one.values.end(), isInfinite))
      ++why.infinite;
    else if (!isComplete(one))
      ++why.no_score;
  }
  return why;
}

void add(LeftOut& sum, const LeftOut& more) {
  sum.infinite += more.infinite;
  sum.no_score += more.no_score;
  for (std::size_t run = 0; run < sum.by_run.size(); ++run) sum.by_run[run] += more.by_run[run];
}

ComparedClass compareClass(const std::vector<std::vector<CaseScore>>& scores, int label, ScoreKind kind) {
  ComparedClass line{label, "mean of classes", compareCases(scores, label, kind)};
  const auto all = line.cases.size();
  line.why = leftOut(line.cases, scores.size());
  std::erase_if(line.cases, [](const auto& one) { return !isComplete(one); });
  line.left_out = static_cast<int>(all - line.cases.size());
  for (std::size_t run = 0; run < scores.size(); ++run) {
    const double sum =
        std::accumulate(line.cases.begin(), line.cases.end(), 0.0,
                        [run](double so_far, const auto& one) { return so_far + one.values[run]; });
    line.means.push_back(line.cases.empty() ? std::nan("") : sum / static_cast<double>(line.cases.size()));
    line.differences.push_back(pairedDifference(line.cases, 0, run));
  }
  return line;
}

}  // namespace

RunComparison readComparison(const std::vector<std::filesystem::path>& folders) {
  RunComparison comparison;
  std::vector<core::RunConfig> configs;
  for (const auto& folder : folders) {
    comparison.runs.push_back(readRun(folder));
    configs.push_back(comparison.runs.back().config);
  }
  if (comparison.runs.empty()) return comparison;
  comparison.settings = settingsThatDiffer(configs);
  comparison.notes = notesOn(comparison);
  return comparison;
}

std::vector<ComparedClass> compareClasses(const RunComparison& comparison, ScoreKind kind) {
  const auto scores = comparableScores(comparison);
  std::vector<ComparedClass> lines{compareClass(scores, 0, kind)};
  lines.front().why = {0, 0, std::vector<int>(scores.size())};  // its cases are means over what is finite
  for (const auto& [label, names] : namesByLabel(comparison)) {
    if (label == 0 || names.size() > 1) continue;
    lines.push_back(compareClass(scores, label, kind));
    lines.back().name = *names.begin();
    add(lines.front().why, lines.back().why);
  }
  return lines;
}

}  // namespace rind::models
