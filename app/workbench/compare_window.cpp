#include "rind/workbench/compare_window.h"

#include <QCloseEvent>
#include <QHeaderView>
#include <QSplitter>
#include <QStyle>
#include <QVBoxLayout>
#include <cmath>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/panels/setting_rows.h"
#include "rind/workbench/card.h"
#include "rind/workbench/compare_tables.h"
#include "rind/workbench/file_dialogs.h"
#include "rind/workbench/outcome.h"

namespace rind::workbench {
namespace {

QTableWidget* makeTable(const char* name, const QString& accessible) {
  auto* table = new QTableWidget;
  table->setObjectName(name);
  table->setAccessibleName(accessible);
  table->verticalHeader()->hide();
  table->verticalHeader()->setDefaultSectionSize(24);
  table->setShowGrid(false);
  table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table->setSelectionBehavior(QAbstractItemView::SelectRows);
  table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  return table;
}

QLabel* makeText(const char* name, const char* role) {
  auto* label = new QLabel;
  label->setObjectName(name);
  label->setProperty("role", role);
  label->setWordWrap(true);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

charts::CurveChart* makeChart(const char* name, const QString& accessible) {
  auto* chart = new charts::CurveChart;
  chart->setObjectName(name);
  chart->setAccessibleName(accessible);
  chart->setAxes(QObject::tr("epoch"), true);
  chart->setEmptyText(QObject::tr("None of these runs has ended an epoch yet."));
  return chart;
}

QWidget* card(const QString& title, std::initializer_list<QWidget*> content) {
  const auto [frame, column] = makeCard();
  column->setSpacing(4);
  column->addWidget(panels::makeHeading(title));
  for (auto* widget : content) column->addWidget(widget, 1);
  return frame;
}

charts::Curve curveOf(const models::ComparedRun& run, std::size_t turn, double messages::Epoch::*value) {
  charts::Curve curve{QString::fromStdString(run.name), colourOfRun(turn), 2, {}};
  for (const auto& epoch : run.epochs)
    if (std::isfinite(epoch.*value)) curve.points.append({static_cast<double>(epoch.at.epoch), epoch.*value});
  return curve;
}

}  // namespace

CompareWindow::CompareWindow(const QStringList& runs, QWidget* parent)
    : QWidget(parent, Qt::Window),
      dsc_(makeChart("compareDsc", tr("Validation DSC of the runs over epochs"))),
      loss_(makeChart("compareLoss", tr("Training loss of the runs over epochs"))),
      settings_(makeTable("compareSettings", tr("Settings that differ"))),
      scores_(makeTable("compareScores", tr("Scores side by side"))),
      no_settings_(makeText("noDifferentSettings", "quiet")),
      said_(makeText("compareSaid", "quiet")),
      notes_(makeText("compareNotes", "quiet")),
      conventions_(makeText("compareConventions", "quiet")),
      kind_(new QComboBox),
      export_(new QPushButton(tr("Export CSV …"))) {
  setObjectName("compareWindow");
  setWindowTitle(tr("Rind – %1 runs compared").arg(runs.size()));
  dsc_->setVerticalRange(0, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(6, 6, 6, 6);
  column->addWidget(said_);
  column->addWidget(notes_);
  auto* split = new QSplitter(Qt::Vertical);
  split->setChildrenCollapsible(false);
  split->addWidget(makeCurves());
  split->addWidget(makeTables());
  split->setSizes({280, 400});
  column->addWidget(split, 1);
  column->addWidget(makeFoot());
  resize(1180, 760);
  notes_->hide();
  say(tr("Reading the runs …"), "quiet");
  std::vector<std::filesystem::path> folders;
  for (const auto& run : runs) folders.emplace_back(run.toStdString());
  background_.run(
      [folders] { return attempt<models::RunComparison>([&] { return models::readComparison(folders); }); },
      [this](const Outcome<models::RunComparison>& outcome) {
        reading_ = false;
        if (deleted_when_read_)
          deleteLater();
        else if (outcome.value)
          take(*outcome.value);
        else
          say(outcome.problem, "error");
      });
}

// Its end would wait for the reading, and with it the main window.
void CompareWindow::closeEvent(QCloseEvent* event) {
  QWidget::closeEvent(event);
  if (!reading_ || !testAttribute(Qt::WA_DeleteOnClose)) return;
  setAttribute(Qt::WA_DeleteOnClose, false);
  deleted_when_read_ = true;
}

QWidget* CompareWindow::makeCurves() {
  auto* split = new QSplitter(Qt::Horizontal);
  split->setChildrenCollapsible(false);
  split->addWidget(card(tr("MEAN DSC, VALIDATION"), {dsc_}));
  split->addWidget(card(tr("TRAINING LOSS, MEAN OF EACH EPOCH"), {loss_}));
  split->setSizes({580, 580});
  return split;
}

QWidget* CompareWindow::makeTables() {
  auto* split = new QSplitter(Qt::Horizontal);
  split->setChildrenCollapsible(false);
  no_settings_->setText(tr("All settings are the same."));
  no_settings_->setAlignment(Qt::AlignTop);
  no_settings_->hide();
  split->addWidget(card(tr("SETTINGS THAT DIFFER"), {no_settings_, settings_}));
  split->addWidget(card(tr("SCORES BY CLASS"), {scores_}));
  split->setSizes({380, 780});
  return split;
}

QWidget* CompareWindow::makeFoot() {
  kind_->setObjectName("compareKind");
  kind_->setAccessibleName(tr("Score"));
  kind_->addItems({tr("DSC"), tr("NSD at 1 mm"), tr("HD95 in mm")});
  kind_->setEnabled(false);
  export_->setObjectName("exportComparison");
  export_->setAccessibleName(tr("Export CSV"));
  export_->setToolTip(tr("Settings, scores of every case, differences and p values as one table"));
  export_->setEnabled(false);
  connect(kind_, &QComboBox::currentIndexChanged, this, &CompareWindow::showScores);
  connect(export_, &QPushButton::clicked, this, [this] {
    askForNewFile(this, tr("Export the comparison"), tr("CSV (*.csv)"),
                  [this](const QString& path) { exportTo(path); });
  });
  auto* foot = new QWidget;
  auto* row = new QHBoxLayout(foot);
  row->setContentsMargins(2, 0, 2, 0);
  row->setSpacing(12);
  row->addWidget(conventions_, 1);
  row->addWidget(kind_, 0, Qt::AlignTop);
  row->addWidget(export_, 0, Qt::AlignTop);
  return foot;
}

void CompareWindow::take(const models::RunComparison& comparison) {
  comparison_ = comparison;
  QStringList notes;
  for (const auto& note : comparison.notes) notes << "⚠ " + note;
  say({}, "quiet");
  notes_->setText(notes.join('\n'));
  notes_->setVisible(!notes.isEmpty());
  fillSettings(*settings_, comparison);
  no_settings_->setVisible(comparison.settings.empty());
  settings_->setVisible(!comparison.settings.empty());
  kind_->setEnabled(true);
  export_->setEnabled(true);
  showCurves();
  showScores();
}

void CompareWindow::showCurves() {
  std::vector<charts::Curve> dsc;
  std::vector<charts::Curve> loss;
  for (std::size_t run = 0; run < comparison_->runs.size(); ++run) {
    dsc.push_back(curveOf(comparison_->runs[run], run, &messages::Epoch::mean_dsc));
    loss.push_back(curveOf(comparison_->runs[run], run, &messages::Epoch::loss));
  }
  dsc_->setCurves(dsc);
  loss_->setCurves(loss);
}

void CompareWindow::showScores() {
  if (!comparison_) return;
  const auto kind = static_cast<models::ScoreKind>(kind_->currentIndex());
  fillScores(*scores_, *comparison_, kind);
  conventions_->setText(conventions(*comparison_, kind));
}

void CompareWindow::exportTo(const QString& path) {
  if (!comparison_) return;
  try {
    core::writeFileWhole(path.toStdString(), models::toCsv(*comparison_));
    say(tr("The comparison is in %1").arg(path), "quiet");
  } catch (const core::InputError& error) {
    say(QString::fromUtf8(error.what()), "error");
  }
}

void CompareWindow::say(const QString& text, const char* role) {
  said_->setText(text);
  said_->setProperty("role", role);
  said_->style()->unpolish(said_);
  said_->style()->polish(said_);
  said_->setVisible(!text.isEmpty());
}

}  // namespace rind::workbench
