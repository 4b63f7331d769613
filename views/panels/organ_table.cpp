#include "rind/panels/organ_table.h"

#include <QHeaderView>
#include <QMenu>
#include <cmath>

#include "rind/panels/organ_cells.h"
#include "rind/panels/share_bar.h"

namespace rind::panels {
namespace {

constexpr int kLabelRole = Qt::UserRole + 2;
const QColor kWarning(0xD5, 0x5E, 0x00);

struct ColumnText {
  const char* name;
  int width;
  const char* tip;
};

// In the order of OrganTable::Column.
const ColumnText kColumnTexts[] = {
    {"Organ", 0, "Tick: shown in the views. Click: selected everywhere."},
    {"ml", 38, "Volume in the case on the screen, millilitres"},
    {"band", 62,
     "Share of the organ's voxels that lie in its contour band. At 100 % nothing is inside: the 1−λ part of "
     "its "
     "loss is dead weight; make the band thinner or adaptive."},
    {"DSC", 54,
     "Dice similarity on the validation cases after the last epoch.<br><b>failed</b>: 0, the organ is there "
     "and none of it was found. <b>absent</b>: it is in no validation case."},
    {"NSD", 44, "Normalised surface Dice at 1 mm on the validation cases, with the best weights"},
    {"HD95", 44,
     "95th percentile of the surface distance in mm on the validation cases, with the best weights"},
    {"trend", 40, "DSC over the epochs"},
    {"gradient", 56,
     "The organ's share of the loss's gradient in the case on the screen: <b>orange</b> on its contour band, "
     "<b>blue</b> inside. Filled while \"Where the loss looks\" is open."},
    {"contour", 48, "Loss on the organ's contour band, mean of the last epoch"},
    {"inside", 44, "Loss on the organ's interior, mean of the last epoch"}};

QIcon colourIcon(const std::array<std::uint8_t, 3>& colour) {
  QPixmap swatch(12, 12);
  swatch.fill(QColor(colour[0], colour[1], colour[2]));
  return QIcon(swatch);
}

}  // namespace

OrganTable::OrganTable(models::CaseModel& shown, const models::RunModel& run, const models::ProbeModel& probe,
                       QWidget* parent)
    : QTableWidget(parent), case_(shown), run_(run), probe_(probe) {
  setObjectName("organTable");
  setAccessibleName(tr("Organs"));
  makeColumns();
  setSelectionBehavior(QAbstractItemView::SelectRows);
  setSelectionMode(QAbstractItemView::SingleSelection);
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setShowGrid(false);
  setWordWrap(false);
  setIconSize({12, 12});
  setSortingEnabled(true);
  sortByColumn(-1, Qt::AscendingOrder);
  connectModels();
}

void OrganTable::makeColumns() {
  setColumnCount(kColumns);
  for (int i = 0; i < kColumns; ++i) {
    auto* item = new QTableWidgetItem(tr(kColumnTexts[i].name));
    item->setToolTip(tr(kColumnTexts[i].tip));
    setHorizontalHeaderItem(i, item);
    if (i != kName) setColumnWidth(i, kColumnTexts[i].width);
  }
  verticalHeader()->hide();
  verticalHeader()->setDefaultSectionSize(20);
  horizontalHeader()->setMinimumSectionSize(36);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
  setItemDelegateForColumn(kTrend, new TrendLine(this));
  setItemDelegateForColumn(kGradient, new ShareBar(this));
  connect(horizontalHeader(), &QWidget::customContextMenuRequested, this, &OrganTable::chooseColumns);
}

void OrganTable::connectModels() {
  connect(&case_, &models::CaseModel::changed, this, [this](models::Changes what) {
    if (what & models::Change::data) setLabels(case_.empty() ? labels_ : case_.loaded().labels);
    if (what & (models::Change::band | models::Change::prediction | models::Change::display |
                models::Change::selection))
      refresh();
  });
  connect(&run_, &models::RunModel::changed, this, [this](models::RunChanges what) {
    if (what & (models::RunChange::scores | models::RunChange::case_scores)) refresh();
  });
  connect(&probe_, &models::ProbeModel::changed, this, &OrganTable::refreshGradient);
  connect(this, &QTableWidget::itemChanged, this, [this](QTableWidgetItem* item) {
    if (!filling_ && item->column() == kName)
      case_.setVisible(item->data(kLabelRole).toInt(), item->checkState() == Qt::Checked);
  });
  connect(this, &QTableWidget::cellClicked, this, [this](int row) {
    const int label = static_cast<int>(labelOf(row));
    case_.select(case_.selected() == label ? 0 : label);
  });
}

void OrganTable::chooseColumns(const QPoint& at) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  for (int i = kVolume; i < kColumns; ++i) {
    auto* action = menu->addAction(tr(kColumnTexts[i].name));
    action->setCheckable(true);
    action->setChecked(!isColumnHidden(i));
    connect(action, &QAction::toggled, this, [this, i](bool on) {
      setColumnHidden(i, !on);
      fitName();
    });
  }
  menu->popup(horizontalHeader()->mapToGlobal(at));
}

// The name takes what the numbers leave.
void OrganTable::fitName() {
  int numbers = 0;
  for (int column = kVolume; column < kColumns; ++column) numbers += columnWidth(column);
  setColumnWidth(kName, std::max(104, viewport()->width() - numbers));
}

void OrganTable::resizeEvent(QResizeEvent* event) {
  QTableWidget::resizeEvent(event);
  fitName();
}

void OrganTable::setLabels(const core::LabelSet& labels) {
  if (labels == labels_ && rowCount() > 0) {
    refresh();
    return;
  }
  labels_ = labels;
  rebuild();
}

std::size_t OrganTable::labelOf(int row) const {
  return static_cast<std::size_t>(item(row, kName)->data(kLabelRole).toInt());
}

void OrganTable::rebuild() {
  filling_ = true;
  setSortingEnabled(false);
  setRowCount(labels_.empty() ? 0 : static_cast<int>(labels_.size()) - 1);
  for (int row = 0; row < rowCount(); ++row) {
    const auto label = static_cast<std::size_t>(row) + 1;
    const QString text = QString::fromStdString(labels_[label].name);
    auto* name = new QTableWidgetItem(colourIcon(labels_[label].colour), text);
    name->setData(kLabelRole, static_cast<int>(label));
    name->setToolTip(text);
    name->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    name->setCheckState(case_.isVisible(static_cast<int>(label)) ? Qt::Checked : Qt::Unchecked);
    setItem(row, kName, name);
    for (int column = kVolume; column < kColumns; ++column) setItem(row, column, new NumberItem);
  }
  setSortingEnabled(true);
  filling_ = false;
  refresh();
}

double OrganTable::dscOf(std::size_t label) const {
  if (!run_.epochs().empty()) {
    for (const auto& score : run_.epochs().back().classes)
      if (score.index == static_cast<int>(label)) return score.dsc;
    return std::nan("");
  }
  const auto prediction = case_.prediction();
  return prediction && label < prediction->dsc.size() ? prediction->dsc[label] : std::nan("");
}

void OrganTable::refresh() {
  filling_ = true;
  setSortingEnabled(false);
  for (int row = 0; row < rowCount(); ++row) fillRow(row, labelOf(row));
  markWorst();
  setSortingEnabled(true);
  clearSelection();
  for (int row = 0; row < rowCount(); ++row)
    if (labelOf(row) == static_cast<std::size_t>(case_.selected())) selectRow(row);
  filling_ = false;
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
