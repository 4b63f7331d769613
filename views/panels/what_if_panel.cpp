#include "rind/panels/what_if_panel.h"

#include <QEvent>
#include <QHeaderView>
#include <QVBoxLayout>
#include <algorithm>

#include "rind/models/setting_domain.h"
#include "rind/panels/share_bar.h"

namespace rind::panels {
namespace {

constexpr int kGradientWidth = 130;
constexpr int kRoomForTerms = 340;
constexpr int kRowHeight = 20;

const QStringList& kinds() {
  static const QStringList all = [] {
    QStringList names;
    for (const auto kind : core::allLossKinds()) names << QString::fromStdString(core::toString(kind));
    return names;
  }();
  return all;
}

// The long name that the loss menu has for it.
QString titleOf(const QString& loss) {
  for (const auto& [value, shown] : models::domainOf("loss").choices)
    if (QString::fromStdString(value) == loss) return models::settingText(shown);
  return loss.toUpper();
}

QString percent(double share) {
  return QStringLiteral("%1%").arg(share * 100, 0, 'f', 0);
}

QTableWidgetItem* numberItem() {
  auto* item = new QTableWidgetItem;
  item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  return item;
}

}  // namespace

WhatIfPanel::WhatIfPanel(models::ProbeModel& probe, const models::SettingsModel& settings,
                         const models::CaseModel& shown, QWidget* parent)
    : QWidget(parent),
      probe_(probe),
      settings_(settings),
      case_(shown),
      subject_(new QLabel),
      table_(new QTableWidget(static_cast<int>(kinds().size()), kColumns)),
      sentence_(new QLabel) {
  setObjectName("whatIfPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 2, 0, 0);
  column->setSpacing(3);
  subject_->setObjectName("probeSubject");
  subject_->setProperty("role", "quiet");
  sentence_->setObjectName("probeSentence");
  sentence_->setProperty("role", "quiet");
  for (auto* label : {subject_, sentence_}) label->setWordWrap(true);
  table_->setObjectName("whatIfTable");
  table_->setAccessibleName(tr("What each loss says"));
  table_->setHorizontalHeaderLabels({tr("Loss"), tr("value"), tr("terms"), tr("gradient")});
  table_->horizontalHeaderItem(kGradient)->setToolTip(
      tr("Where the gradient by the network's outputs lies: <b>orange</b> on the contour bands, <b>blue</b> "
         "everywhere else. The number is the contours' share."));
  table_->horizontalHeader()->setSectionResizeMode(kTerms, QHeaderView::Stretch);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->setColumnWidth(kLoss, 58);
  table_->setColumnWidth(kValue, 58);
  table_->setColumnWidth(kGradient, kGradientWidth);
  table_->setItemDelegateForColumn(kGradient, new ShareBar(table_));
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(kRowHeight);
  table_->viewport()->installEventFilter(this);
  table_->ensurePolished();
  table_->setMinimumHeight(table_->horizontalHeader()->sizeHint().height() + 2 * table_->frameWidth() +
                           table_->rowCount() * table_->fontMetrics().height());
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setShowGrid(false);
  for (int row = 0; row < table_->rowCount(); ++row) {
    auto* name = new QTableWidgetItem(kinds()[row].toUpper());
    name->setToolTip(titleOf(kinds()[row]) + tr("<br>Click: the heat map shows this loss's gradient."));
    table_->setItem(row, kLoss, name);
    table_->setItem(row, kValue, numberItem());
    table_->setItem(row, kTerms, new QTableWidgetItem);
    table_->setItem(row, kGradient, new QTableWidgetItem);
  }
  column->addWidget(subject_);
  column->addWidget(table_, 1);
  column->addWidget(sentence_);
  connect(table_, &QTableWidget::cellClicked, this, [this](int row) {
    const auto loss = kinds()[row].toStdString();
    probe_.chooseLoss(loss == core::toString(settings_.config().loss.kind) ? std::string() : loss);
    refresh();
  });
  connect(&probe, &models::ProbeModel::changed, this, &WhatIfPanel::refresh);
  connect(&settings, &models::SettingsModel::changed, this, &WhatIfPanel::refresh);
  connect(&shown, &models::CaseModel::changed, this, [this](models::Changes what) {
    if (what & (models::Change::selection | models::Change::data)) refresh();
  });
  refresh();
}

void WhatIfPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  probe_.setWanted(true);
}

void WhatIfPanel::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  probe_.setWanted(false);
}

// On a small screen the terms, which the tooltip has too, make room for the gradient.
void WhatIfPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  const bool narrow = width() < kRoomForTerms;
  table_->setColumnHidden(kTerms, narrow);
  table_->horizontalHeader()->setSectionResizeMode(kGradient,
                                                   narrow ? QHeaderView::Stretch : QHeaderView::Interactive);
  if (!narrow) table_->setColumnWidth(kGradient, kGradientWidth);
  describe();
}

// Where the window is low, all losses are seen still, in lower rows.
bool WhatIfPanel::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize && watched == table_->viewport()) {
    const int height = table_->viewport()->height() / table_->rowCount();
    const int least = table_->fontMetrics().height();
    table_->verticalHeader()->setMinimumSectionSize(least);
    table_->verticalHeader()->setDefaultSectionSize(std::clamp(height, least, std::max(least, kRowHeight)));
  }
  return QWidget::eventFilter(watched, event);
}

void WhatIfPanel::refresh() {
  const QString trained = QString::fromStdString(core::toString(settings_.config().loss.kind));
  const QString looked = probe_.lossChosen().empty() ? trained : QString::fromStdString(probe_.lossChosen());
  for (int row = 0; row < table_->rowCount(); ++row) {
    QFont font = table_->font();
    font.setBold(kinds()[row] == trained);
    for (int i = 0; i < kColumns; ++i) table_->item(row, i)->setFont(font);
    if (kinds()[row] == looked) table_->selectRow(row);
    if (const auto* loss = probe_.find(kinds()[row].toStdString())) {
      fillRow(row, *loss);
      continue;
    }
    for (const int i : {kValue, kTerms, kGradient}) {
      table_->item(row, i)->setText({});
      table_->item(row, i)->setToolTip({});
    }
    table_->item(row, kGradient)->setData(kContourShareRole, {});
  }
  describe();
}

void WhatIfPanel::fillRow(int row, const messages::ProbedLoss& loss) {
  const int label = case_.selected();
  table_->item(row, kValue)->setText(QString::number(models::ProbeModel::valueOf(loss, label), 'f', 3));
  QStringList terms;
  for (const auto& [name, value] : loss.terms)
    terms << QStringLiteral("%1 %2").arg(QString::fromStdString(name)).arg(value, 0, 'f', 3);
  table_->item(row, kTerms)->setText(label == 0 && loss.terms.size() > 1 ? terms.join(" + ") : QString());
  table_->item(row, kTerms)->setToolTip(terms.join("<br>"));
  const auto gradient = models::ProbeModel::gradientOf(loss, label);
  const bool any = gradient.sum() > 0;
  const double contour = any ? gradient.contour / gradient.sum() : 0;
  auto* bar = table_->item(row, kGradient);
  bar->setText(any ? percent(contour) : QStringLiteral("–"));
  bar->setData(kContourShareRole, any ? QVariant(contour) : QVariant());
  bar->setData(kInteriorShareRole, 1 - contour);
  bar->setToolTip(any ? tr("%1 of the gradient on contours, %2 elsewhere; Σ|dL/dz| = %3")
                            .arg(percent(contour), percent(1 - contour))
                            .arg(gradient.sum(), 0, 'g', 3)
                      : tr("No gradient here at all: this loss learns nothing from it."));
}

void WhatIfPanel::describe() {
  const auto& reply = probe_.reply();
  if (!probe_.problem().isEmpty()) {
    subject_->setText(tr("There is no answer: %1").arg(probe_.problem()));
    subject_->setToolTip({});
    sentence_->clear();
    return;
  }
  if (!reply) {
    subject_->setText(case_.empty()     ? tr("Open a data set to see what each loss makes of a case.")
                      : probe_.isBusy() ? tr("Asking the engine …")
                                        : QString());
    subject_->setToolTip({});
    sentence_->clear();
    return;
  }
  const auto label = static_cast<std::size_t>(case_.selected());
  const bool one = label > 0 && !case_.empty() && label < case_.loaded().labels.size();
  const QString who = one ? QString::fromStdString(case_.loaded().labels[label].name) : tr("all classes");
  const QString subject =
      tr("%1, by %2, %3 voxels around the crosshair")
          .arg(who, probe_.weightsText(),
               QStringLiteral("%1×%2×%3").arg(reply->size.z).arg(reply->size.y).arg(reply->size.x));
  subject_->setText(width() < kRoomForTerms ? tr("%1, by %2").arg(who, probe_.weightsText()) : subject);
  subject_->setToolTip(subject);
  const auto* loss = probe_.find(reply->heat_loss);
  if (loss == nullptr) return;
  const auto gradient = models::ProbeModel::gradientOf(*loss, case_.selected());
  sentence_->setText(gradient.sum() > 0
                         ? tr("%1 puts %2 of its gradient on contours, %3 elsewhere.")
                               .arg(QString::fromStdString(loss->loss).toUpper(),
                                    percent(gradient.contour / gradient.sum()),
                                    percent(gradient.interior / gradient.sum()))
                         : tr("%1 has no gradient there.").arg(QString::fromStdString(loss->loss).toUpper()));
}

}  // namespace rind::panels
