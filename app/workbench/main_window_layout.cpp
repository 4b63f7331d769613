// What stands where in the window.
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>

#include "rind/panels/log_panel.h"
#include "rind/panels/recipe_panel.h"
#include "rind/panels/runs_panel.h"
#include "rind/panels/score_origin.h"
#include "rind/panels/training_panel.h"
#include "rind/panels/what_if_panel.h"
#include "rind/workbench/card.h"
#include "rind/workbench/chart_card.h"
#include "rind/workbench/main_window.h"
#include "rind/workbench/run_shelf.h"

namespace rind::workbench {
namespace {

QSplitter* makeSplitter(Qt::Orientation direction, const char* name) {
  auto* split = new QSplitter(direction);
  split->setObjectName(name);
  split->setChildrenCollapsible(false);
  return split;
}

}  // namespace

void MainWindow::makeToolBar() {
  tools_ = addToolBar(tr("Tools"));
  tools_->setObjectName("tools");
  tools_->setMovable(false);
  tools_->setIconSize({18, 18});
  tools_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  actions_.fill(*tools_);
  title_ = new panels::ElidedLabel;
  title_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  title_->setElideMode(Qt::ElideMiddle);  // the state stands at its end
  title_->setObjectName("title");
  title_->setProperty("role", "title");
  tools_->addWidget(title_);
}

QWidget* MainWindow::makeSide() {
  data_ = new panels::DataPanel;
  contour_ = new panels::ContourPanel(session_.settings(), session_.shownCase());
  auto* content = new QWidget;
  content->setObjectName("sidePanel");
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(10, 6, 10, 10);
  column->setSpacing(12);
  column->addWidget(data_);
  column->addWidget(new panels::RecipePanel(session_.settings()));
  column->addWidget(contour_);
  column->addWidget(new panels::TrainingPanel(session_.settings()));
  column->addStretch(1);
  auto* scroll = new QScrollArea;
  scroll->setAccessibleName(tr("Data and settings"));
  scroll->setWidget(content);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setMinimumWidth(content->minimumSizeHint().width() + 14);
  return scroll;
}

QWidget* MainWindow::makeRight() {
  auto& probe = session_.probes().model();
  organs_ = new panels::OrganTable(session_.shownCase(), session_.run(), probe);
  auto* split = makeSplitter(Qt::Vertical, "organSplitter");
  split->setMinimumWidth(250);
  split->addWidget(makeCard(tr("ORGANS"), organs_, new panels::ScoreOrigin(session_.run())));
  tabs_ = new QTabWidget;
  tabs_->setObjectName("sideTabs");
  tabs_->setAccessibleName(tr("Losses, log and runs"));
  tabs_->setDocumentMode(true);
  tabs_->setElideMode(Qt::ElideRight);  // on a small screen a name is cut, not a tab
  tabs_->setUsesScrollButtons(false);
  tabs_->addTab(new panels::WhatIfPanel(probe, session_.settings(), session_.shownCase()),
                tr("Where the loss looks"));
  tabs_->setTabToolTip(0, tr("Where the loss looks"));
  tabs_->addTab(new panels::LogPanel(session_.run()), tr("Log"));
  runs_ = new panels::RunsPanel;
  tabs_->addTab(runs_, tr("Runs"));
  split->addWidget(tabs_);
  split->setStretchFactor(0, 3);
  split->setStretchFactor(1, 2);
  split->setSizes({370, 250});
  return split;
}

QWidget* MainWindow::makeBottom() {
  scores_ = new charts::ScoreChart(session_.run());
  scrubber_ = new panels::EpochScrubber(session_.run());
  auto* epochs = new QWidget;
  auto* column = new QVBoxLayout(epochs);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(scores_, 1);
  column->addWidget(scrubber_);
  auto* split = makeSplitter(Qt::Horizontal, "curveSplitter");
  auto* loss = new charts::LossChart(session_.run());
  details_ = new charts::DetailChart(session_.run(), session_.shownCase());
  split->addWidget(makeChartCard(tr("LOSS"), *loss, *loss, *notice_));
  split->addWidget(makeChartCard(tr("VALIDATION DSC"), *scores_, *epochs, *notice_));
  split->addWidget(makeDetailCard(*details_, *notice_));
  split->setSizes({350, 350, 350});
  for (int i = 0; i < split->count(); ++i) split->setStretchFactor(i, 1);
  return split;
}

void MainWindow::makeBody() {
  notice_ = new NoticeBar;
  views_ = new ViewGrid(session_.shownCase());
  auto* upper = makeSplitter(Qt::Horizontal, "upperSplitter");
  upper->addWidget(views_);
  upper->addWidget(makeRight());
  upper->setStretchFactor(0, 5);
  upper->setStretchFactor(1, 2);
  upper->setSizes({604, 519});
  auto* right = makeSplitter(Qt::Vertical, "rightSplitter");
  right->addWidget(upper);
  right->addWidget(makeBottom());
  right->setStretchFactor(0, 3);
  right->setStretchFactor(1, 1);
  right->setSizes({620, 230});
  auto* whole = makeSplitter(Qt::Horizontal, "wholeSplitter");
  whole->addWidget(makeSide());
  whole->addWidget(right);
  whole->setStretchFactor(0, 2);
  whole->setStretchFactor(1, 7);
  whole->setSizes({312, 1123});
  new RunShelf(session_, *runs_, *notice_);  // its parent is the panel
  auto* body = new QWidget;
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(0, 0, 6, 4);
  column->setSpacing(4);
  column->addWidget(notice_);
  column->addWidget(whole, 1);
  setCentralWidget(body);
  pictures_ = new PictureDesk(session_, *this, *views_);
  tour_ = new Tour(session_, *this);
}

}  // namespace rind::workbench
