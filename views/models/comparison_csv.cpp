#include <cmath>
#include <sstream>

#include "rind/core/csv.h"
#include "rind/models/run_comparison.h"

namespace rind::models {
namespace {

std::string number(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "" : "inf";
  std::ostringstream text;
  text.precision(9);
  text << value;
  return text.str();
}

// The columns between `what` and `run` of one class.
std::string placeOf(const ComparedClass& line, ScoreKind kind, const std::string& case_id) {
  return ',' + nameOf(kind) + ',' + (line.label == 0 ? "" : std::to_string(line.label)) + ',' +
         core::csvCell(line.name) + ',' + core::csvCell(case_id) + ',';
}

void write(std::ostream& out, const RunComparison& comparison, const ComparedClass& line, ScoreKind kind) {
  for (std::size_t run = 0; run < comparison.runs.size(); ++run) {
    const std::string name = core::csvCell(comparison.runs[run].name) + ',';
    const std::string place = placeOf(line, kind, "") + name;
    for (const auto& one : line.cases)
      out << "score" << placeOf(line, kind, one.case_id) << name << number(one.values[run]) << '\n';
    out << "mean" << place << number(line.means[run]) << '\n';
    if (kind == ScoreKind::hd95) out << "infinite" << place << line.why.by_run[run] << '\n';
    if (run == 0) {
      out << "left_out" << place << line.left_out << '\n'
          << "left_out_infinite" << place << line.why.infinite << '\n'
          << "left_out_no_score" << place << line.why.no_score << '\n';
      continue;
    }
    const auto& difference = line.differences[run];
    out << "difference_mean" << place << number(difference.mean) << '\n'
        << "difference_median" << place << number(difference.median) << '\n'
        << "pairs" << place << difference.cases << '\n'
        << "p" << place << number(difference.cases > 0 ? difference.test.p : std::nan("")) << '\n';
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
    out << "epoch,,,,," << core::csvCell(run.name) << ',' << run.scored_epoch << '\n';
  for (const auto& setting : comparison.settings)
    for (std::size_t run = 0; run < comparison.runs.size(); ++run)
      out << "setting,,," << setting.key << ",," << core::csvCell(comparison.runs[run].name) << ','
          << core::csvCell(setting.values[run]) << '\n';
  for (const auto kind : {ScoreKind::dsc, ScoreKind::nsd, ScoreKind::hd95})
    for (const auto& line : compareClasses(comparison, kind)) write(out, comparison, line, kind);
  return out.str();
}

}  // namespace rind::models
