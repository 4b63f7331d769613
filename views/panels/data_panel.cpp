#include "rind/panels/data_panel.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "rind/panels/setting_rows.h"

namespace rind::panels {
namespace {

const QString kProblems = QStringLiteral("⚠");

}  // namespace

DataPanel::DataPanel(QWidget* parent)
    : QWidget(parent),
      source_(new QLineEdit),
      search_(new QLineEdit),
      list_(new CaseList),
      checks_(new CheckRow),
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
  list_->setMinimumHeight(96);
  list_->setMaximumHeight(174);
  column->addWidget(list_);
  checks_->hide();
  column->addWidget(checks_);

  connect(source_, &QLineEdit::returnPressed, this,
          [this] { Q_EMIT openRequested(source_->text().trimmed()); });
  connect(browse, &QPushButton::clicked, this, &DataPanel::browseRequested);
  connect(search_, &QLineEdit::textChanged, list_, &CaseList::filter);
  connect(checks_, &CheckRow::problemsRequested, this, [this] {
    search_->setText(search_->text() == kProblems ? QString() : kProblems);
    search_->show();
  });
}

void DataPanel::setSource(const QString& source, const QString& summary) {
  source_->setText(source);
  source_->setCursorPosition(0);
  summary_->setText(summary);
}

void DataPanel::setCases(const QStringList& ids) {
  list_->setCases(ids);
  search_->clear();
  search_->setVisible(ids.size() > 12);
  checks_->setVisible(!ids.isEmpty());
  checks_->showUnchecked();
}

void DataPanel::setChecked(const models::DataCheck& check) {
  list_->setChecked(check.problems);
  checks_->showFound(list_->count(), check);
}

void DataPanel::setProblem(const QString& text) {
  problem_->setText(text);
  problem_->setVisible(!text.isEmpty());
}

}  // namespace rind::panels
