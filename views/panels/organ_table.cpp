#include "rind/panels/organ_table.h"

#include <QHeaderView>
#include <QMenu>
#include <QMouseEvent>
#include <utility>

#include "rind/panels/organ_cells.h"
#include "rind/panels/share_bar.h"

namespace rind::panels {
namespace {

constexpr int kLabelRole = Qt::UserRole + 2;
constexpr int kNameWidth = 132;  // pixels, at least: "right kidney" with its tick and colour

struct ColumnText {
  const char* name;
  int width;
  const char* tip;
};

// In the order of OrganTable::Column.
const ColumnText kColumnTexts[] = {
    {QT_TRANSLATE_NOOP("rind::panels::OrganTable", "Organ"), 0,
     QT_TRANSLATE_NOOP("rind::panels::OrganTable", "Tick: shown in the views. Click: selected everywhere.")},
    {QT_TRANSLATE_NOOP("rind::panels::OrganTable", "ml"), 40,
     QT_TRANSLATE_NOOP("rind::panels::OrganTable", "Volume in the case on the screen, millilitres")},
    {QT_TRANSLATE_NOOP("rind::panels::OrganTable", "band"), 56,
     QT_TRANSLATE_NOOP(
         "rind::panels::OrganTable",
         "Share of the organ's voxels that lie in its contour band. At 100 % nothing is inside: the 1−λ part "
         "of its loss is dead weight; make the band thinner or adaptive.")},
    {QT_TRANSLATE_NOOP("rind::panels::OrganTable", "DSC"), 50,
     QT_TRANSLATE_NOOP(
         "rind::panels::OrganTable",
         "Dice similarity on the validation cases after the last epoch.<br><b>failed</b>: 0, the organ is "
         "there and none of it was found. <b>absent</b>: it is in no validation case.")},
    {QT_TRANSLATE_NOOP("rind::panels::OrganTable", "NSD"), 44,
     QT_TRANSLATE_NOOP("rind::panels::OrganTable",
                       "Normalised surface Dice at 1 mm on the validation cases, with the best weights")},
    {QT_TRANSLATE_NOOP("rind::panels::OrganTable", "HD95"), 46,
     QT_TRANSLATE_NOOP(
         "rind::panels::OrganTable",
         "95th percentile of the surface distance in mm on the validation cases, with the best weights")},
    {QT_TRANSLATE_NOOP("rind::panels::OrganTable", "trend"), 36,
     QT_TRANSLATE_NOOP("rind::panels::OrganTable", "DSC over the epochs")},
    {QT_TRANSLATE_NOOP("rind::panels::OrganTable", "gradient"), 52,
     QT_TRANSLATE_NOOP(
         "rind::panels::OrganTable",
         "The organ's share of the loss's gradient in the case on the screen: <b>orange</b> on its contour "
         "band, <b>blue</b> inside. Filled while \"Where the loss looks\" is open.")},
    {QT_TRANSLATE_NOOP("rind::panels::OrganTable", "contour"), 48,
     QT_TRANSLATE_NOOP("rind::panels::OrganTable",
                       "Loss on the organ's contour band, mean of the last epoch")},
    {QT_TRANSLATE_NOOP("rind::panels::OrganTable", "inside"), 44,
     QT_TRANSLATE_NOOP("rind::panels::OrganTable", "Loss on the organ's interior, mean of the last epoch")}};

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
    if (filling_ || item->column() != kName) return;
    ticked_ = true;
    case_.setVisible(item->data(kLabelRole).toInt(), item->checkState() == Qt::Checked);
  });
  connect(this, &QTableWidget::cellClicked, this, [this](int row) {
    if (std::exchange(ticked_, false)) return;
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
      columns_chosen_ = true;
      setColumnHidden(i, !on);
      fitName();
    });
  }
  menu->popup(horizontalHeader()->mapToGlobal(at));
}

// The name takes what the numbers leave; the two columns of losses, which the curves show too, come where
// there is room for all.
void OrganTable::fitName() {
  int all = kNameWidth;
  for (int column = kVolume; column < kColumns; ++column) all += kColumnTexts[column].width;
  if (!columns_chosen_)
    for (const int column : {kContour, kInterior}) setColumnHidden(column, viewport()->width() < all);
  int numbers = 0;
  for (int column = kVolume; column < kColumns; ++column) numbers += columnWidth(column);
  setColumnWidth(kName, std::max(kNameWidth, viewport()->width() - numbers));
}

void OrganTable::resizeEvent(QResizeEvent* event) {
  QTableWidget::resizeEvent(event);
  fitName();
}

void OrganTable::mousePressEvent(QMouseEvent* event) {
  ticked_ = false;
  QTableWidget::mousePressEvent(event);
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

}  // namespace rind::panels
