#include "rind/panels/runs_panel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <set>

#include "rind/models/run_state.h"

namespace rind::panels {
namespace {

constexpr int kRoomForLoss = 380;  // pixels

QString path(const models::RunLine& run) {
  return QString::fromStdString(run.path.string());
}

bool canGoOn(const models::RunLine& run) {
  return run.has_checkpoint && !models::isActiveState(run.standing.state) &&
         run.standing.state != "finished" && run.standing.state != "unreadable";
}

}  // namespace

RunsPanel::RunsPanel(QWidget* parent) : QWidget(parent), table_(new QTableWidget), empty_(new QLabel) {
  setObjectName("runsPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(4, 4, 4, 4);
  column->setSpacing(4);
  table_->setObjectName("runsTable");
  table_->setAccessibleName(tr("Runs"));
  table_->setColumnCount(kColumns);
  table_->setHorizontalHeaderLabels({tr("Run"), tr("state"), tr("epochs"), tr("best DSC"), tr("loss")});
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(24);
  table_->setShowGrid(false);
  table_->setWordWrap(false);
  table_->setTextElideMode(Qt::ElideMiddle);  // runs differ at their names' ends
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table_->horizontalHeader()->setSectionResizeMode(kName, QHeaderView::Stretch);
  empty_->setObjectName("noRuns");
  empty_->setProperty("role", "quiet");
  empty_->setWordWrap(true);
  empty_->setText(tr("No runs here yet: open a data set and press Start."));
  column->addWidget(empty_);
  column->addWidget(table_, 1);
  auto* row = new QHBoxLayout;
  auto* second = new QHBoxLayout;  // in one row they would be cut off on a small screen
  open_ = addButton(*row, tr("Open"), "openRun", tr("Shows the run: its curves, scores and predictions"));
  resume_ =
      addButton(*row, tr("Resume"), "resumeRun", tr("Opens the run and trains on from its last checkpoint"));
  duplicate_ =
      addButton(*row, tr("Duplicate"), "duplicateRun",
                tr("Takes the run's settings and data set for a new run, to be changed before Start"));
  compare_ = addButton(*second, tr("Compare"), "compareRuns",
                       tr("Curves, settings and scores of the selected runs side by side. Select two or more "
                          "with Ctrl or Shift"));
  delete_ = addButton(*second, tr("Delete"), "deleteRun", tr("Moves the run to the trash, after asking"));
  row->addStretch(1);
  second->addStretch(1);
  column->addLayout(row);
  column->addLayout(second);
  connect(open_, &QPushButton::clicked, this, [this] { Q_EMIT openRequested(path(*selected())); });
  connect(resume_, &QPushButton::clicked, this, [this] { Q_EMIT resumeRequested(path(*selected())); });
  connect(duplicate_, &QPushButton::clicked, this, [this] { Q_EMIT duplicateRequested(path(*selected())); });
  connect(delete_, &QPushButton::clicked, this, [this] { Q_EMIT deleteRequested(path(*selected())); });
  connect(compare_, &QPushButton::clicked, this, [this] {
    QStringList runs;
    for (const auto* run : selection()) runs.prepend(path(*run));  // the list has the newest first
    Q_EMIT compareRequested(runs);
  });
  connect(table_, &QTableWidget::itemSelectionChanged, this, &RunsPanel::enable);
  connect(table_, &QTableWidget::cellDoubleClicked, this, [this] {
    if (open_->isEnabled()) open_->click();
  });
  setRuns({});
}

QPushButton* RunsPanel::addButton(QLayout& row, const QString& text, const char* name, const QString& tip) {
  auto* button = new QPushButton(text);
  button->setObjectName(name);
  button->setAccessibleName(text);
  button->setToolTip(tip);
  row.addWidget(button);
  return button;
}

std::vector<const models::RunLine*> RunsPanel::selection() const {
  std::vector<const models::RunLine*> chosen;
  for (std::size_t row = 0; row < runs_.size(); ++row)
    if (table_->selectionModel()->isRowSelected(static_cast<int>(row), {})) chosen.push_back(&runs_[row]);
  return chosen;
}

const models::RunLine* RunsPanel::selected() const {
  const auto chosen = selection();
  return chosen.size() == 1 ? chosen.front() : nullptr;
}

void RunsPanel::setRuns(std::vector<models::RunLine> runs) {
  std::set<std::filesystem::path> chosen;
  for (const auto* run : selection()) chosen.insert(run->path);
  runs_ = std::move(runs);
  table_->clearSelection();
  table_->setRowCount(static_cast<int>(runs_.size()));
  for (int row = 0; row < table_->rowCount(); ++row) {
    const auto& run = runs_[static_cast<std::size_t>(row)];
    fillRow(row, run);
    if (chosen.contains(run.path))
      table_->selectionModel()->select(table_->model()->index(row, 0),
                                       QItemSelectionModel::Select | QItemSelectionModel::Rows);
  }
  empty_->setVisible(runs_.empty());
  table_->setVisible(!runs_.empty());
  enable();
}

void RunsPanel::fillRow(int row, const models::RunLine& run) {
  const QString tip = run.problem.empty() ? models::explanationOf(run.standing, run.time)
                                          : QString::fromStdString(run.problem);
  const QString texts[] = {
      QString::fromStdString(run.name), models::wordOf(run.standing),
      tr("%1 of %2").arg(run.epochs).arg(run.planned),
      std::isfinite(run.best_dsc) ? QString::number(run.best_dsc, 'f', 3) : QStringLiteral("–"),
      QString::fromStdString(run.loss).toUpper()};
  for (int column = 0; column < kColumns; ++column) {
    auto* item = new QTableWidgetItem(texts[column]);
    item->setToolTip(column == kName ? path(run) : column == kLoss ? QString::fromStdString(run.data) : tip);
    table_->setItem(row, column, item);
  }
}

void RunsPanel::setTraining(bool training) {
  if (training == training_) return;
  training_ = training;
  enable();
}

void RunsPanel::enable() {
  const auto* run = selected();
  const auto chosen = selection();
  compare_->setEnabled(chosen.size() >= 2 && std::all_of(chosen.begin(), chosen.end(), [](const auto* one) {
                         return one->standing.state != "unreadable";
                       }));
  const bool free = run != nullptr && !training_;
  const bool readable = free && run->standing.state != "unreadable";
  open_->setEnabled(readable);
  duplicate_->setEnabled(readable);
  resume_->setEnabled(free && canGoOn(*run));
  delete_->setEnabled(free && !models::isActiveState(run->standing.state));
}

// On a small screen the loss, which most names have in them, makes room for the name.
void RunsPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  table_->setColumnHidden(kLoss, width() < kRoomForLoss);
}

void RunsPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  Q_EMIT refreshRequested();
}

}  // namespace rind::panels
