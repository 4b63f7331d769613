// What stands in the organ table's cells.
#include <cmath>

#include "rind/panels/organ_cells.h"
#include "rind/panels/organ_table.h"
#include "rind/panels/share_bar.h"

namespace rind::panels {
namespace {

const QColor kWarning(0xD5, 0x5E, 0x00);

}  // namespace

double OrganTable::dscOf(std::size_t label) const {
  if (!run_.epochs().empty()) {
    for (const auto& score : run_.epochs().back().classes)
      if (score.index == static_cast<int>(label)) return score.dsc;
    return std::nan("");
  }
  const auto prediction = case_.prediction();
  return prediction && label < prediction->dsc.size() ? prediction->dsc[label] : std::nan("");
}

// The lowest of those that were found at all.
void OrganTable::markWorst() {
  double worst = 2;
  int found = 0;
  for (int row = 0; row < rowCount(); ++row)
    if (const double dsc = dscOf(labelOf(row)); dsc > 0) {
      worst = std::min(worst, dsc);
      ++found;
    }
  for (int row = 0; row < rowCount(); ++row) {
    if (found < 2 || dscOf(labelOf(row)) != worst) continue;
    QFont bold = font();
    bold.setBold(true);
    item(row, kDsc)->setFont(bold);
    item(row, kDsc)->setForeground(kWarning);
    item(row, kDsc)->setToolTip(tr("The lowest of all organs that were found"));
  }
}

void OrganTable::put(int row, int column, double value, const QString& text) {
  static_cast<NumberItem*>(item(row, column))->setNumber(value, text);
}

void OrganTable::fillRow(int row, std::size_t label) {
  fillBand(row, label);
  fillScores(row, label);
  fillLosses(row, label);
  item(row, kName)->setCheckState(case_.isVisible(static_cast<int>(label)) ? Qt::Checked : Qt::Unchecked);
}

void OrganTable::fillBand(int row, std::size_t label) {
  const models::ClassFacts facts = label < case_.facts().size() ? case_.facts()[label] : models::ClassFacts{};
  const bool present = facts.voxels > 0;
  put(row, kVolume, present ? facts.millilitres : std::nan(""),
      present ? numberText(facts.millilitres, facts.millilitres < 10 ? 1 : 0) : QStringLiteral("–"));
  put(row, kBand, present ? facts.band_share : std::nan(""),
      present ? (facts.all_band ? QStringLiteral("⚠") : QString()) +
                    QStringLiteral("%1%").arg(facts.band_share * 100, 0, 'f', 0)
              : QStringLiteral("–"));
  item(row, kVolume)->setToolTip(present || case_.empty() ? QString() : tr("Absent from this case"));
  item(row, kBand)->setForeground(facts.all_band ? QBrush(kWarning) : QBrush());
  item(row, kBand)
      ->setToolTip(!present ? tr("Absent from this case")
                   : facts.all_band
                       ? tr("All of it is band: nothing is inside, so the 1−λ part of its loss is dead "
                            "weight. Make the band thinner (n, s) or adaptive.")
                       : tr("%1 voxels thick").arg(facts.thickness));
}

void OrganTable::fillScores(int row, std::size_t label) {
  const double dsc = dscOf(label);
  const bool validated = !run_.epochs().empty();
  const bool failed = dsc == 0;
  const bool absent = validated && std::isnan(dsc);
  put(row, kDsc, dsc, failed ? tr("failed") : absent ? tr("absent") : numberText(dsc, 3));
  auto* cell = item(row, kDsc);
  cell->setFont(font());
  cell->setForeground(failed   ? QBrush(kWarning)
                      : absent ? QBrush(palette().color(QPalette::PlaceholderText))
                               : QBrush());
  cell->setToolTip(failed   ? tr("DSC 0: the organ is there and none of it was found")
                   : absent ? tr("In no validation case, neither in the reference nor in the prediction")
                            : QString());
  const auto means = models::meansOf(run_.scores(), static_cast<int>(label));
  put(row, kNsd, means.nsd, numberText(means.nsd, 3));
  put(row, kHd95, means.hd95, numberText(means.hd95, 1));
  const QString note = means.cases == 0 ? QString()
                                        : tr("Best weights, %1 cases, %2 of them failed (they have no "
                                             "distance and are left out of its mean)")
                                              .arg(means.cases)
                                              .arg(means.failures);
  item(row, kNsd)->setToolTip(note);
  item(row, kHd95)->setToolTip(note);
  QVariantList trend;
  for (const auto& epoch : run_.epochs())
    for (const auto& score : epoch.classes)
      if (score.index == static_cast<int>(label) && std::isfinite(score.dsc)) trend << score.dsc;
  item(row, kTrend)->setData(kTrendRole, trend);
}

void OrganTable::fillLosses(int row, std::size_t label) {
  double contour = std::nan("");
  double interior = std::nan("");
  if (!run_.epochs().empty())
    for (const auto& share : run_.epochs().back().losses)
      if (share.index == static_cast<int>(label)) {
        contour = share.contour;
        interior = share.interior;
      }
  put(row, kContour, contour, numberText(contour, 2));
  put(row, kInterior, interior, numberText(interior, 2));
}

// Bars as long as the organ's gradient compared with that of the organ that has most.
void OrganTable::refreshGradient() {
  const auto* loss = probe_.reply() ? probe_.find(probe_.reply()->heat_loss) : nullptr;
  double most = 0;
  for (std::size_t label = 1; loss != nullptr && label < labels_.size(); ++label)
    most = std::max(most, models::ProbeModel::gradientOf(*loss, static_cast<int>(label)).sum());
  filling_ = true;
  setSortingEnabled(false);
  for (int row = 0; row < rowCount(); ++row) {
    auto* cell = item(row, kGradient);
    if (loss == nullptr || !(most > 0)) {
      put(row, kGradient, std::nan(""), {});
      cell->setData(kContourShareRole, {});
      cell->setToolTip({});
      continue;
    }
    const auto own = models::ProbeModel::gradientOf(*loss, static_cast<int>(labelOf(row)));
    const double all = models::ProbeModel::gradientOf(*loss, 0).sum();
    put(row, kGradient, own.sum(), {});
    cell->setData(kContourShareRole, own.contour / most);
    cell->setData(kInteriorShareRole, own.interior / most);
    cell->setToolTip(tr("%1 % of the gradient of %2: %3 % on its contour, %4 % inside")
                         .arg(own.sum() / all * 100, 0, 'f', 1)
                         .arg(QString::fromStdString(loss->loss).toUpper())
                         .arg(own.contour / all * 100, 0, 'f', 1)
                         .arg(own.interior / all * 100, 0, 'f', 1));
  }
  setSortingEnabled(true);
  filling_ = false;
}

}  // namespace rind::panels
