#include <cmath>
#include <sstream>

#include "rind/models/run_comparison.h"

namespace rind::models {
namespace {

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string cell(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "" : "inf";
  std::ostringstream text;
  text.precision(9);
  text << value;
  return text.str();
}

// The columns between `what` and `run` of one class.
std::string placeOf(const ComparedClass& line, ScoreKind kind, const std::string& case_id) {
  return ',' + nameOf(kind) + ',' + (line.label == 0 ? "" : std::to_string(line.label)) + ',' +
         cell(line.name) + ',' + cell(case_id) + ',';
}

void write(std::ostream& out, const RunComparison& comparison, const ComparedClass& line, ScoreKind kind) {
  for (std::size_t run = 0; run < comparison.runs.size(); ++run) {
    const std::string name = cell(comparison.runs[run].name) + ',';
    const std::string place = placeOf(line, kind, "") + name;
    for (const auto& one : line.cases)
      out << "score" << placeOf(line, kind, one.case_id) << name << cell(one.values[run]) << '\n';
    out << "mean" << place << cell(line.means[run]) << '\n';
    if (run == 0) {
      out << "left_out" << place << line.left_out << '\n';
      continue;
    }
    const auto& difference = line.differences[run];
    out << "difference_mean" << place << cell(difference.mean) << '\n'
        << "difference_median" << place << cell(difference.median) << '\n'
        << "pairs" << place << difference.cases << '\n'
        << "p" << place << cell(difference.cases > 0 ? difference.test.p : std::nan("")) << '\n';
  }
}

}  // namespace

std::string nameOf(ScoreKind kind) {
  if (kind == ScoreKind::nsd) return "nsd_1mm";
  return kind == ScoreKind::hd95 ? "hd95_mm" : "dsc";
}

std::string toCsv(const RunComparison& comparison) {
  std::ostringstream out;
  out << "what,score,class,name,case,run,value\n";
  for (const auto& run : comparison.runs)
    out << "epoch,,,,," << cell(run.name) << ',' << run.scored_epoch << '\n';
  for (const auto& setting : comparison.settings)
    for (std::size_t run = 0; run < comparison.runs.size(); ++run)
      out << "setting,,," << setting.key << ",," << cell(comparison.runs[run].name) << ','
          << cell(setting.values[run]) << '\n';
  for (const auto kind : {ScoreKind::dsc, ScoreKind::nsd, ScoreKind::hd95})
    for (const auto& line : compareClasses(comparison, kind)) write(out, comparison, line, kind);
  return out.str();
}

}  // namespace rind::models
