#include "rind/panels/organ_table.h"

#include <QGuiApplication>
#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <cmath>

namespace rind::panels {
namespace {

constexpr int kTrendRole = Qt::UserRole + 1;
constexpr int kLabelRole = Qt::UserRole + 2;

/// Sorts by number, with what has none last.
class NumberItem : public QTableWidgetItem {
 public:
  void setNumber(double value, const QString& text) {
    value_ = value;
    setText(text);
    setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  }
  bool operator<(const QTableWidgetItem& other) const override {
    const auto* number = dynamic_cast<const NumberItem*>(&other);
    if (number == nullptr) return QTableWidgetItem::operator<(other);
    if (std::isnan(value_)) return false;
    return std::isnan(number->value_) || value_ < number->value_;
  }

 private:
  double value_ = std::nan("");
};

/// The course of a class's DSC over the epochs, from 0 to 1.
class TrendDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyledItemDelegate::paint(painter, option, index);
    const auto values = index.data(kTrendRole).toList();
    if (values.size() < 2) return;
    const QRectF box = QRectF(option.rect).adjusted(4, 4, -4, -4);
    QPolygonF line;
    for (int i = 0; i < values.size(); ++i)
      line << QPointF(box.left() + box.width() * i / static_cast<double>(values.size() - 1),
                      box.bottom() - box.height() * values[i].toDouble());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(QGuiApplication::palette().color(QPalette::Highlight), 1.5));
    painter->drawPolyline(line);
    painter->restore();
  }
};

QString numberText(double value, int decimals) {
  return std::isfinite(value) ? QString::number(value, 'f', decimals) : QStringLiteral("–");
}

QIcon colourIcon(const std::array<std::uint8_t, 3>& colour) {
  QPixmap swatch(12, 12);
  swatch.fill(QColor(colour[0], colour[1], colour[2]));
  return QIcon(swatch);
}

}  // namespace

OrganTable::OrganTable(models::CaseModel& shown, const models::RunModel& run, QWidget* parent)
    : QTableWidget(parent), case_(shown), run_(run) {
  setObjectName("organTable");
  setAccessibleName(tr("Organs"));
  setColumnCount(kColumns);
  setHorizontalHeaderLabels(
      {tr("Organ"), tr("ml"), tr("band"), tr("DSC"), tr("trend"), tr("contour"), tr("inside")});
  const QStringList tips = {
      tr("Tick: shown in the views. Click: selected everywhere."),
      tr("Volume in the case on the screen, millilitres"),
      tr("Share of the organ's voxels that lie in its contour band. At 100 % nothing is inside: "
         "the 1−λ part of its loss is dead weight; make the band thinner or adaptive."),
      tr("Dice similarity on the validation cases after the last epoch"),
      tr("DSC over the epochs"),
      tr("Loss on the organ's contour band, mean of the last epoch"),
      tr("Loss on the organ's interior, mean of the last epoch")};
  for (int i = 0; i < kColumns; ++i) horizontalHeaderItem(i)->setToolTip(tips[i]);
  verticalHeader()->hide();
  verticalHeader()->setDefaultSectionSize(22);
  horizontalHeader()->setMinimumSectionSize(36);
  constexpr int kWidths[kColumns] = {0, 40, 60, 52, 42, 50, 44};
  for (int i = kVolume; i < kColumns; ++i) setColumnWidth(i, kWidths[i]);
  horizontalHeader()->setHighlightSections(false);
  setItemDelegateForColumn(kTrend, new TrendDelegate(this));
  setSelectionBehavior(QAbstractItemView::SelectRows);
  setSelectionMode(QAbstractItemView::SingleSelection);
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setShowGrid(false);
  setWordWrap(false);
  setIconSize({12, 12});
  setSortingEnabled(true);
  sortByColumn(-1, Qt::AscendingOrder);

  connect(&shown, &models::CaseModel::changed, this, [this](models::Changes what) {
    if (what & models::Change::data) setLabels(case_.empty() ? labels_ : case_.loaded().labels);
    if (what & (models::Change::band | models::Change::prediction | models::Change::display)) refresh();
  });
  connect(&run, &models::RunModel::changed, this, [this](models::RunChanges what) {
    if (what & models::RunChange::scores) refresh();
  });
  connect(this, &QTableWidget::itemChanged, this, [this](QTableWidgetItem* item) {
    if (!filling_ && item->column() == kName)
      case_.setVisible(item->data(kLabelRole).toInt(), item->checkState() == Qt::Checked);
  });
  connect(this, &QTableWidget::cellClicked, this, [this](int row) {
    const int label = item(row, kName)->data(kLabelRole).toInt();
    case_.select(case_.selected() == label ? 0 : label);
    if (case_.selected() == 0) clearSelection();
  });
}

// The name takes what the numbers leave.
void OrganTable::resizeEvent(QResizeEvent* event) {
  QTableWidget::resizeEvent(event);
  int numbers = 0;
  for (int column = kVolume; column < kColumns; ++column) numbers += columnWidth(column);
  setColumnWidth(kName, std::max(120, viewport()->width() - numbers));
}

void OrganTable::setLabels(const core::LabelSet& labels) {
  if (labels == labels_ && rowCount() > 0) {
    refresh();
    return;
  }
  labels_ = labels;
  rebuild();
}

void OrganTable::rebuild() {
  filling_ = true;
  setSortingEnabled(false);
  setRowCount(labels_.empty() ? 0 : static_cast<int>(labels_.size()) - 1);
  for (int row = 0; row < rowCount(); ++row) {
    const auto label = static_cast<std::size_t>(row) + 1;
    auto* name =
        new QTableWidgetItem(colourIcon(labels_[label].colour), QString::fromStdString(labels_[label].name));
    name->setData(kLabelRole, static_cast<int>(label));
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
  double worst = 2;
  for (std::size_t label = 1; label < labels_.size(); ++label)
    if (std::isfinite(dscOf(label))) worst = std::min(worst, dscOf(label));
  for (int row = 0; row < rowCount(); ++row) {
    const auto label = static_cast<std::size_t>(item(row, kName)->data(kLabelRole).toInt());
    fillRow(row, label);
    const bool is_worst = labels_.size() > 2 && dscOf(label) == worst;
    QFont font = this->font();
    font.setBold(is_worst);
    item(row, kDsc)->setFont(font);
    item(row, kDsc)->setForeground(is_worst ? QBrush(QColor(0xD5, 0x5E, 0x00)) : QBrush());
    item(row, kDsc)->setToolTip(is_worst ? tr("The lowest of all organs") : QString());
    if (label == static_cast<std::size_t>(case_.selected())) selectRow(row);
  }
  setSortingEnabled(true);
  filling_ = false;
}

void OrganTable::fillRow(int row, std::size_t label) {
  const auto put = [&](int column, double value, const QString& text) {
    static_cast<NumberItem*>(item(row, column))->setNumber(value, text);
  };
  const bool measured = label < case_.facts().size();
  const models::ClassFacts facts = measured ? case_.facts()[label] : models::ClassFacts{};
  const bool present = facts.voxels > 0;
  put(kVolume, present ? facts.millilitres : std::nan(""),
      present ? numberText(facts.millilitres, facts.millilitres < 10 ? 1 : 0) : QStringLiteral("–"));
  put(kBand, present ? facts.band_share : std::nan(""),
      present ? (facts.all_band ? QStringLiteral("⚠") : QString()) +
                    QStringLiteral("%1%").arg(facts.band_share * 100, 0, 'f', 0)
              : QStringLiteral("–"));
  item(row, kBand)->setForeground(facts.all_band ? QBrush(QColor(0xD5, 0x5E, 0x00)) : QBrush());
  item(row, kBand)
      ->setToolTip(!present         ? tr("Absent from this case")
                   : facts.all_band ? tr("All of it is band: nothing is inside, so the 1−λ part of its loss "
                                         "is dead weight. Make the "
                                         "band thinner (n, s) or adaptive.")
                                    : tr("%1 voxels thick").arg(facts.thickness));
  put(kDsc, dscOf(label), numberText(dscOf(label), 3));
  QVariantList trend;
  for (const auto& epoch : run_.epochs())
    for (const auto& score : epoch.classes)
      if (score.index == static_cast<int>(label) && std::isfinite(score.dsc)) trend << score.dsc;
  item(row, kTrend)->setData(kTrendRole, trend);
  double contour = std::nan("");
  double interior = std::nan("");
  if (!run_.epochs().empty())
    for (const auto& share : run_.epochs().back().losses)
      if (share.index == static_cast<int>(label)) {
        contour = share.contour;
        interior = share.interior;
      }
  put(kContour, contour, numberText(contour, 2));
  put(kInterior, interior, numberText(interior, 2));
  item(row, kName)->setCheckState(case_.isVisible(static_cast<int>(label)) ? Qt::Checked : Qt::Unchecked);
}

}  // namespace rind::panels
