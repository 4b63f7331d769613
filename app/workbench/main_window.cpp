#include "rind/workbench/main_window.h"

#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>

#include "rind/models/run_state.h"
#include "rind/panels/log_panel.h"
#include "rind/panels/recipe_panel.h"
#include "rind/panels/runs_panel.h"
#include "rind/panels/setting_rows.h"
#include "rind/panels/training_panel.h"
#include "rind/panels/what_if_panel.h"
#include "rind/workbench/card.h"
#include "rind/workbench/chart_card.h"
#include "rind/workbench/file_dialogs.h"
#include "rind/workbench/keyboard_sheet.h"
#include "rind/workbench/run_shelf.h"
#include "rind/workbench/status_strip.h"
#include "rind/workbench/surface_desk.h"

namespace rind::workbench {
namespace {

constexpr int kRoomForWords = 1200;  // pixels

std::vector<panels::CaseLine> caseLines(const datasets::DataSet& data, const datasets::Split& split) {
  std::vector<panels::CaseLine> lines;
  for (const auto& one : data.cases) {
    const bool validates =
        std::find(split.validation.begin(), split.validation.end(), one.id) != split.validation.end();
    lines.push_back({QString::fromStdString(one.id), validates ? "validate" : "train", {}});
  }
  return lines;
}

QString summaryOf(const datasets::DataSet& data, const datasets::Split& split) {
  return QObject::tr("%1: %2 cases, %3 classes; %4 to train, %5 to validate")
      .arg(QString::fromStdString(data.name))
      .arg(data.cases.size())
      .arg(data.labels.size())
      .arg(split.training.size())
      .arg(split.validation.size());
}

QSplitter* makeSplitter(Qt::Orientation direction, const char* name) {
  auto* split = new QSplitter(direction);
  split->setObjectName(name);
  split->setChildrenCollapsible(false);
  return split;
}

}  // namespace

MainWindow::MainWindow(Session& session) : session_(session), actions_(this) {
  setObjectName("mainWindow");
  setWindowTitle(tr("Rind"));
  setWindowIcon(QIcon(":/icons/rind.svg"));
  setAcceptDrops(true);
  makeToolBar();
  makeBody();
  setStatusBar(new StatusStrip(session.run(), session.activity()));
  connectActions();
  connectSession();
  new SurfaceDesk(session, actions_, this);
  showData();
  resize(1440, 900);
}

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
  split->addWidget(makeCard(tr("ORGANS"), organs_));
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
  scores_ = new charts::EpochChart(session_.run(), charts::EpochCurves::dsc);
  scrubber_ = new panels::EpochScrubber(session_.run());
  auto* epochs = new QWidget;
  auto* column = new QVBoxLayout(epochs);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(scores_, 1);
  column->addWidget(scrubber_);
  auto* split = makeSplitter(Qt::Horizontal, "curveSplitter");
  auto* loss = new charts::LossChart(session_.run());
  auto* shares = new charts::EpochChart(session_.run(), charts::EpochCurves::contour_and_interior);
  split->addWidget(makeChartCard(tr("LOSS"), *loss, *loss, *notice_));
  split->addWidget(makeChartCard(tr("DSC BY ORGAN, VALIDATION"), *scores_, *epochs, *notice_));
  split->addWidget(makeChartCard(tr("LOSS BY REGION"), *shares, *shares, *notice_));
  split->setStretchFactor(0, 7);
  split->setStretchFactor(1, 7);
  split->setStretchFactor(2, 6);
  split->setSizes({380, 370, 310});
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
  upper->setSizes({625, 490});
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
  whole->setSizes({320, 1115});
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

void MainWindow::connectActions() {
  connect(actions_.open, &QAction::triggered, this, [this] {
    askForFolder(this, tr("Open a data set or a run"), [this](const QString& path) { session_.open(path); });
  });
  connect(actions_.start, &QAction::triggered, this, [this] { session_.start(); });
  connect(actions_.pause, &QAction::triggered, &session_, &Session::pause);
  connect(actions_.resume, &QAction::triggered, &session_, &Session::resume);
  connect(actions_.stop, &QAction::triggered, &session_, &Session::stop);
  connect(actions_.screenshot, &QAction::triggered, pictures_, &PictureDesk::ask);
  connect(pictures_, &PictureDesk::failed, this, [this](const QString& why) {
    if (!pictures_->isAsking()) notice(why, true);
  });
  connect(pictures_, &PictureDesk::saved, this, [this](const QString& file) {
    notice(tr("The picture is in %1, how to make it again in %2").arg(file, captionFile(file)), false);
  });
  connect(actions_.export_model, &QAction::triggered, this, [this] {
    askForExport(this,
                 [this](const QString& path, const QString& format) { session_.exportModel(path, format); });
  });
  connect(actions_.undo, &QAction::triggered, &session_.settings(), &models::SettingsModel::undo);
  connect(actions_.redo, &QAction::triggered, &session_.settings(), &models::SettingsModel::redo);
  connect(actions_.next_case, &QAction::triggered, this, [this] { data_->step(1); });
  connect(actions_.previous_case, &QAction::triggered, this, [this] { data_->step(-1); });
  connect(actions_.tour, &QAction::triggered, tour_, &Tour::start);
  connect(actions_.keyboard, &QAction::triggered, this, &MainWindow::toggleKeyboard);
}

void MainWindow::connectSession() {
  connect(data_, &panels::DataPanel::browseRequested, actions_.open, &QAction::trigger);
  connect(data_, &panels::DataPanel::openRequested, &session_, &Session::open);
  connect(data_, &panels::DataPanel::caseChosen, this,
          [this](const QString& id) { session_.showCase(id, true); });
  connect(contour_->applySwitch(), &QCheckBox::toggled, &session_, &Session::setApplied);
  connect(scrubber_, &panels::EpochScrubber::epochChosen, &session_, &Session::showEpoch);
  connect(&session_, &Session::predictionProblem, scrubber_, &panels::EpochScrubber::setProblem);
  connect(&session_.settings(), &models::SettingsModel::changed, this, &MainWindow::showState);
  connect(&session_, &Session::dataChanged, this, &MainWindow::showData);
  connect(&session_, &Session::caseChanged, data_, &panels::DataPanel::setCurrent);
  connect(&session_, &Session::runFolderChanged, this, &MainWindow::showState);
  connect(&session_, &Session::dataProblem, data_, &panels::DataPanel::setProblem);
  connect(&session_, &Session::caseProblem, this, [this](const QString& id, const QString& text) {
    data_->setCaseProblem(id, text);
    views_->setEmptyText(text);
  });
  connect(&session_, &Session::noticed, this, &MainWindow::notice);
  connect(&session_.run(), &models::RunModel::changed, this, [this](models::RunChanges what) {
    if (what & (models::RunChange::state | models::RunChange::scores)) showState();
  });
}

void MainWindow::showState() {
  const auto& run = session_.run();
  actions_.start->setEnabled(session_.canStart());
  actions_.pause->setEnabled(run.state() == "running");
  actions_.resume->setEnabled(run.state() == "paused" || run.canResume());
  actions_.stop->setEnabled(run.isActive() && run.state() != "stopping");
  actions_.export_model->setEnabled(!session_.runFolder().empty() && !run.epochs().empty());
  actions_.undo->setEnabled(session_.settings().canUndo());
  actions_.redo->setEnabled(session_.settings().canRedo());
  const auto name = QString::fromStdString(session_.runFolder().filename().string());
  title_->setText(name.isEmpty() ? QString() : name + "  ·  " + models::stateWord(run.state()));
  const bool paused = run.state() == "paused";
  setWindowTitle(name.isEmpty() ? tr("Rind")
                 : paused       ? tr("Rind – %1 – %2").arg(name, models::stateWord(run.state()))
                                : tr("Rind – %1").arg(name));
}

void MainWindow::showData() {
  const auto& opened = session_.data();
  scores_->setLabels(session_.labels());
  organs_->setLabels(session_.labels());
  if (opened) {
    views_->setEmptyText(tr("Loading the first case …"));
    data_->setProblem({});
    data_->setSource(session_.source(), summaryOf(*opened, session_.split()));
    data_->setCases(caseLines(*opened, session_.split()));
  } else if (!session_.runFolder().empty()) {
    data_->setCases({});
    data_->setSource(session_.source(), {});
    views_->setEmptyText(
        tr("This run's data set is not open: its scores and curves are shown, its images are not."));
  } else {
    views_->setEmptyText(
        tr("Open a data set: type its folder or phantom:amos on the left, or drop a folder here."));
  }
  showState();
}

void MainWindow::notice(const QString& text, bool is_error) {
  const auto& run = session_.run();
  if (is_error && run.canResume())
    notice_->offer(text, tr("Resume"), [this] { session_.resume(); });
  else if (is_error && run.state() == "crashed" && session_.canStart())
    notice_->offer(text, tr("Start again"), [this] { session_.start(); });
  else
    notice_->say(text, is_error);
}

QImage MainWindow::picture(const QString& view) {
  const auto index = static_cast<int>(pictureViews().indexOf(view));
  const QWidget* shown = index == ViewGrid::k3d     ? views_->renderWidget()
                         : index < ViewGrid::kViews ? views_->view(index)
                                                    : static_cast<QWidget*>(this);
  return drawPicture(*this, *views_, {{}, view, shown->size()});
}

void MainWindow::toggleKeyboard() {
  if (auto* sheet = findChild<KeyboardSheet*>())
    sheet->close();
  else
    (new KeyboardSheet(*this))->show();
}

void MainWindow::resizeEvent(QResizeEvent* event) {
  QMainWindow::resizeEvent(event);
  actions_.setCompact(*tools_, width() < kRoomForWords);
}

void MainWindow::closeEvent(QCloseEvent* event) {
  event->accept();
  Q_EMIT closed();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  const auto urls = event->mimeData()->urls();
  if (!urls.isEmpty()) session_.open(urls.front().toLocalFile());
}

}  // namespace rind::workbench
