#include "rind/panels/data_panel.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "rind/panels/setting_rows.h"

namespace rind::panels {
namespace {

constexpr int kIdRole = Qt::UserRole;

QString lineText(const QString& id, const QString& role) {
  return role == "validate" ? DataPanel::tr("%1   · validation").arg(id) : id;
}

}  // namespace

DataPanel::DataPanel(QWidget* parent)
    : QWidget(parent),
      source_(new QLineEdit),
      search_(new QLineEdit),
      list_(new QListWidget),
      summary_(new QLabel),
      problem_(new QLabel) {
  setObjectName("dataPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  column->addWidget(makeHeading(tr("DATA")));

  auto* row = new QHBoxLayout;
  source_->setObjectName("dataSource");
  source_->setAccessibleName(tr("Data set"));
  source_->setPlaceholderText(tr("Folder, or phantom:amos"));
  source_->setToolTip(
      tr("A data set's folder (Decathlon, nnU-Net, BraTS, or images with labels), a run's folder, or "
         "<b>phantom:amos</b>, the built-in abdomen. Press Enter to open; or drop a folder on the window."));
  auto* browse = new QPushButton(tr("Open…"));
  browse->setObjectName("browse");
  row->addWidget(source_, 1);
  row->addWidget(browse);
  column->addLayout(row);

  problem_->setObjectName("dataProblem");
  problem_->setProperty("role", "error");
  problem_->setWordWrap(true);
  problem_->hide();
  column->addWidget(problem_);
  summary_->setObjectName("dataSummary");
  summary_->setProperty("role", "quiet");
  summary_->setWordWrap(true);
  summary_->setText(tr("Open a data set's folder, or type phantom:amos for the built-in abdomen."));
  column->addWidget(summary_);

  search_->setObjectName("caseSearch");
  search_->setPlaceholderText(tr("Find a case"));
  search_->setClearButtonEnabled(true);
  search_->hide();
  column->addWidget(search_);
  list_->setObjectName("caseList");
  list_->setAccessibleName(tr("Cases"));
  list_->setUniformItemSizes(true);
  list_->setMinimumHeight(96);
  list_->setMaximumHeight(140);
  column->addWidget(list_);

  connect(source_, &QLineEdit::returnPressed, this,
          [this] { Q_EMIT openRequested(source_->text().trimmed()); });
  connect(browse, &QPushButton::clicked, this, &DataPanel::browseRequested);
  connect(search_, &QLineEdit::textChanged, this, &DataPanel::filter);
  connect(list_, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
    if (item != nullptr) Q_EMIT caseChosen(item->data(kIdRole).toString());
  });
}

void DataPanel::setSource(const QString& source, const QString& summary) {
  source_->setText(source);
  source_->setCursorPosition(0);
  summary_->setText(summary);
}

void DataPanel::setCases(const std::vector<CaseLine>& cases) {
  const QSignalBlocker quiet(list_);
  list_->clear();
  for (const auto& line : cases) {
    auto* item = new QListWidgetItem(lineText(line.id, line.role), list_);
    item->setData(kIdRole, line.id);
    if (!line.problem.isEmpty()) {
      item->setText(QStringLiteral("⚠ ") + item->text());
      item->setToolTip(line.problem);
    }
  }
  search_->setVisible(cases.size() > 12);
}

void DataPanel::setCurrent(const QString& id) {
  const QSignalBlocker quiet(list_);
  for (int i = 0; i < list_->count(); ++i)
    if (list_->item(i)->data(kIdRole).toString() == id) {
      list_->setCurrentRow(i);
      list_->scrollToItem(list_->item(i));
    }
}

void DataPanel::setProblem(const QString& text) {
  problem_->setText(text);
  problem_->setVisible(!text.isEmpty());
}

void DataPanel::setCaseProblem(const QString& id, const QString& text) {
  for (int i = 0; i < list_->count(); ++i) {
    auto* item = list_->item(i);
    if (item->data(kIdRole).toString() != id || item->text().startsWith(QStringLiteral("⚠"))) continue;
    item->setText(QStringLiteral("⚠ ") + item->text());
    item->setToolTip(text);
  }
}

void DataPanel::step(int by) {
  const int row = list_->currentRow() + by;
  if (row >= 0 && row < list_->count()) list_->setCurrentRow(row);
}

void DataPanel::filter(const QString& text) {
  for (int i = 0; i < list_->count(); ++i)
    list_->item(i)->setHidden(!list_->item(i)->text().contains(text, Qt::CaseInsensitive));
}

}  // namespace rind::panels
