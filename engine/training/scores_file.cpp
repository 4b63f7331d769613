#include "rind/training/scores_file.h"

#include <cmath>
#include <sstream>

#include "rind/core/atomic_file.h"
#include "rind/core/csv.h"

namespace rind::training {
namespace {

std::string cell(double value) {
  if (std::isnan(value)) return "";
  if (std::isinf(value)) return "inf";
  std::ostringstream text;
  text.precision(6);
  text << value;
  return text.str();
}

}  // namespace

void writeScores(const std::filesystem::path& file, const std::vector<ValidatedCase>& validated,
                 const core::LabelSet& labels) {
  std::string table = "case,class,name,tp,fp,fn,dsc,nsd_1mm,hd95_mm,assd_mm,surface\n";
  for (const auto& one : validated) {
    const auto& prepared = one.prepared;
    const auto scores = metrics::score(prepared.labels, one.prediction, prepared.geometry.spacing,
                                       static_cast<int>(labels.size()), {});
    for (const auto& s : scores)
      table += core::csvCell(prepared.id) + "," + std::to_string(s.label) + "," +
               core::csvCell(labels[static_cast<std::size_t>(s.label)].name) + "," +
               std::to_string(s.true_positives) + "," + std::to_string(s.false_positives) + "," +
               std::to_string(s.false_negatives) + "," + cell(s.dsc) + "," + cell(s.nsd.at(0)) + "," +
               cell(s.hd95) + "," + cell(s.assd) + ",surfel\n";
  }
  core::writeFileWhole(file, table);
}

}  // namespace rind::training
