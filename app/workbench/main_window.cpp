#include "rind/workbench/main_window.h"

#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMimeData>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QStatusBar>
#include <QTabWidget>
#include <QToolBar>
#include <QVBoxLayout>

#include "rind/panels/log_panel.h"
#include "rind/panels/setting_rows.h"
#include "rind/workbench/theme.h"

namespace rind::workbench {
namespace {

QWidget* titled(const QString& title, QWidget* content) {
  auto* card = new QFrame;
  card->setProperty("role", "card");
  auto* column = new QVBoxLayout(card);
  column->setContentsMargins(8, 2, 6, 4);
  column->setSpacing(0);
  column->addWidget(panels::makeHeading(title));
  column->addWidget(content, 1);
  return card;
}

QString stateWord(const std::string& state) {
  if (state == "none") return QObject::tr("ready");
  if (state == "crashed") return QObject::tr("the engine broke off");
  return QString::fromStdString(state);
}

}  // namespace

MainWindow::MainWindow(Session& session) : session_(session) {
  setObjectName("mainWindow");
  setWindowTitle(tr("Rind"));
  setWindowIcon(QIcon(":/icons/rind.svg"));
  setAcceptDrops(true);
  makeToolBar();
  makeBody();
  makeStatusBar();
  connectSession();
  showState();
  showData();
  resize(1440, 900);
}

QAction* MainWindow::addAction(const QString& text, const char* name, const char* icon,
                               const QKeySequence& keys, const QString& tip) {
  auto* action = new QAction(themedIcon(icon), text, this);
  action->setObjectName(name);
  action->setShortcut(keys);
  action->setToolTip(keys.isEmpty() ? tip : tip + QStringLiteral(" (%1)").arg(keys.toString()));
  return action;
}

void MainWindow::makeToolBar() {
  auto* bar = addToolBar(tr("Tools"));
  bar->setObjectName("tools");
  bar->setMovable(false);
  bar->setIconSize({18, 18});
  bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  open_ =
      addAction(tr("Open"), "open", "open", QKeySequence::Open, tr("Open a data set's or a run's folder"));
  start_ = addAction(tr("Start"), "start", "start", QKeySequence("F5"),
                     tr("Start a new training with these settings"));
  pause_ = addAction(tr("Pause"), "pause", "pause", QKeySequence("F6"), tr("Pause after the running step"));
  resume_ = addAction(tr("Resume"), "resume", "resume", QKeySequence("F7"),
                      tr("Go on, after a pause or from the last checkpoint"));
  stop_ = addAction(tr("Stop"), "stop", "stop", QKeySequence("F8"),
                    tr("Save a checkpoint and end; can be resumed"));
  screenshot_ = addAction(tr("Screenshot"), "screenshot", "screenshot", QKeySequence("Ctrl+P"),
                          tr("Save a picture of the window"));
  export_ = addAction(tr("Export"), "export", "export", QKeySequence("Ctrl+E"),
                      tr("Export the best model as TorchScript, ONNX or a MONAI bundle"));
  undo_ = addAction(tr("Undo"), "undo", "undo", QKeySequence::Undo, tr("Undo the last change of a setting"));
  redo_ = addAction(tr("Redo"), "redo", "redo", QKeySequence::Redo, tr("Redo it"));
  bar->addAction(open_);
  bar->addSeparator();
  bar->addActions({start_, pause_, resume_, stop_});
  bar->addSeparator();
  bar->addActions({screenshot_, export_});
  bar->addSeparator();
  bar->addActions({undo_, redo_});
  for (auto* action : {undo_, redo_})
    if (auto* button = qobject_cast<QToolButton*>(bar->widgetForAction(action)))
      button->setToolButtonStyle(Qt::ToolButtonIconOnly);
  auto* spring = new QWidget;
  spring->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  bar->addWidget(spring);
  title_ = new QLabel;
  title_->setObjectName("title");
  title_->setProperty("role", "title");
  bar->addWidget(title_);
}

QFrame* MainWindow::makeNotice() {
  notice_ = new QFrame;
  notice_->setObjectName("notice");
  auto* row = new QHBoxLayout(notice_);
  row->setContentsMargins(10, 5, 6, 5);
  notice_text_ = new QLabel;
  notice_text_->setObjectName("noticeText");
  notice_text_->setWordWrap(true);
  notice_resume_ = new QPushButton(tr("Resume"));
  notice_resume_->setObjectName("noticeResume");
  auto* close = new QToolButton;
  close->setText(QStringLiteral("✕"));
  close->setAccessibleName(tr("Dismiss"));
  row->addWidget(notice_text_, 1);
  row->addWidget(notice_resume_);
  row->addWidget(close);
  connect(close, &QToolButton::clicked, notice_, &QWidget::hide);
  connect(notice_resume_, &QPushButton::clicked, this, [this] {
    notice_->hide();
    session_.resume();
  });
  notice_->hide();
  return notice_;
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
  column->addWidget(contour_);
  column->addWidget(new panels::TrainingPanel(session_.settings()));
  column->addStretch(1);
  auto* scroll = new QScrollArea;
  scroll->setWidget(content);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setMinimumWidth(content->minimumSizeHint().width() + 14);
  return scroll;
}

QWidget* MainWindow::makeRight() {
  organs_ = new panels::OrganTable(session_.shownCase(), session_.run());
  auto* split = new QSplitter(Qt::Vertical);
  split->setMinimumWidth(250);
  split->addWidget(titled(tr("ORGANS"), organs_));
  split->addWidget(titled(tr("LOG"), new panels::LogPanel(session_.run())));
  split->setStretchFactor(0, 3);
  split->setStretchFactor(1, 1);
  return split;
}

QWidget* MainWindow::makeBottom() {
  scores_ = new charts::EpochChart(session_.run(), charts::EpochCurves::dsc);
  auto* epochs = new QWidget;
  auto* column = new QVBoxLayout(epochs);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(scores_, 1);
  auto* row = new QHBoxLayout;
  scrubber_ = new QSlider(Qt::Horizontal);
  scrubber_->setObjectName("epochScrubber");
  scrubber_->setAccessibleName(tr("Epoch of the prediction shown"));
  scrubber_->setToolTip(tr("Shows the preview case's prediction after an earlier epoch"));
  scrubbed_ = new QLabel;
  scrubbed_->setProperty("role", "quiet");
  scrubbed_->setMinimumWidth(70);
  row->addWidget(scrubbed_);
  row->addWidget(scrubber_, 1);
  column->addLayout(row);
  connect(scrubber_, &QSlider::valueChanged, this, [this](int value) {
    scrubbed_->setText(tr("epoch %1").arg(value));
    session_.showEpoch(value);
  });
  auto* split = new QSplitter(Qt::Horizontal);
  split->addWidget(titled(tr("LOSS"), new charts::LossChart(session_.run())));
  split->addWidget(titled(tr("DSC BY ORGAN, VALIDATION"), epochs));
  split->addWidget(titled(tr("LOSS ON CONTOUR AND INTERIOR"),
                          new charts::EpochChart(session_.run(), charts::EpochCurves::contour_and_interior)));
  split->setStretchFactor(0, 3);
  split->setStretchFactor(1, 3);
  split->setStretchFactor(2, 2);
  return split;
}

void MainWindow::makeBody() {
  views_ = new ViewGrid(session_.shownCase());
  auto* upper = new QSplitter(Qt::Horizontal);
  upper->setChildrenCollapsible(false);
  upper->addWidget(views_);
  upper->addWidget(makeRight());
  upper->setStretchFactor(0, 5);
  upper->setStretchFactor(1, 2);
  upper->setSizes({640, 500});
  auto* right = new QSplitter(Qt::Vertical);
  right->setObjectName("rightSplitter");
  right->addWidget(upper);
  right->addWidget(makeBottom());
  right->setStretchFactor(0, 3);
  right->setStretchFactor(1, 1);
  right->setSizes({620, 230});
  auto* whole = new QSplitter(Qt::Horizontal);
  whole->setObjectName("wholeSplitter");
  whole->addWidget(makeSide());
  whole->addWidget(right);
  whole->setStretchFactor(0, 0);
  whole->setStretchFactor(1, 1);
  whole->setSizes({285, 1150});
  auto* body = new QWidget;
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(0, 0, 6, 4);
  column->setSpacing(4);
  column->addWidget(makeNotice());
  column->addWidget(whole, 1);
  setCentralWidget(body);
}

void MainWindow::makeStatusBar() {
  status_ = new QLabel;
  status_->setObjectName("status");
  left_ = new QLabel;
  left_->setObjectName("timeLeft");
  progress_ = new QProgressBar;
  progress_->setObjectName("progress");
  progress_->setTextVisible(false);
  progress_->setFixedWidth(220);
  statusBar()->addWidget(status_, 1);
  statusBar()->addPermanentWidget(left_);
  statusBar()->addPermanentWidget(progress_);
  statusBar()->setSizeGripEnabled(false);
  statusBar()->setContentsMargins(8, 0, 8, 0);
}

void MainWindow::connectSession() {
  connect(open_, &QAction::triggered, this, [this] {
    auto* dialog = new QFileDialog(this, tr("Open a data set or a run"));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, &session_, &Session::open);
    dialog->open();
  });
  connect(data_, &panels::DataPanel::browseRequested, open_, &QAction::trigger);
  connect(data_, &panels::DataPanel::openRequested, &session_, &Session::open);
  connect(data_, &panels::DataPanel::caseChosen, this,
          [this](const QString& id) { session_.showCase(id, true); });
  connect(start_, &QAction::triggered, this, [this] { session_.start(); });
  connect(pause_, &QAction::triggered, &session_, &Session::pause);
  connect(resume_, &QAction::triggered, &session_, &Session::resume);
  connect(stop_, &QAction::triggered, &session_, &Session::stop);
  connect(screenshot_, &QAction::triggered, this, &MainWindow::saveScreenshot);
  connect(export_, &QAction::triggered, this, &MainWindow::exportModel);
  connect(undo_, &QAction::triggered, &session_.settings(), &models::SettingsModel::undo);
  connect(redo_, &QAction::triggered, &session_.settings(), &models::SettingsModel::redo);
  connect(contour_->applySwitch(), &QCheckBox::toggled, &session_, &Session::setApplied);
  connect(&session_.settings(), &models::SettingsModel::changed, this, &MainWindow::showState);
  connect(&session_, &Session::dataChanged, this, &MainWindow::showData);
  connect(&session_, &Session::caseChanged, data_, &panels::DataPanel::setCurrent);
  connect(&session_, &Session::runFolderChanged, this, &MainWindow::showState);
  connect(&session_, &Session::dataProblem, this, [this](const QString& text) {
    data_->setBusy({});
    data_->setProblem(text);
  });
  connect(&session_, &Session::caseProblem, this, [this](const QString& id, const QString& text) {
    data_->setCaseProblem(id, text);
    views_->setEmptyText(text);
  });
  connect(&session_, &Session::noticed, this, &MainWindow::notice);
  connect(&session_, &Session::busy, this, [this](const QString& text) {
    busy_ = text;
    showState();
  });
  connect(&session_, &Session::idle, this, [this] {
    busy_.clear();
    showState();
  });
  connect(&session_.run(), &models::RunModel::changed, this, [this](models::RunChanges what) {
    if (what & (models::RunChange::state | models::RunChange::losses | models::RunChange::scores))
      showState();
  });
  for (const auto& [keys, by] : {std::pair("PgDown", 1), std::pair("PgUp", -1)}) {
    auto* step = new QAction(this);
    step->setShortcut(QKeySequence(keys));
    connect(step, &QAction::triggered, this, [this, by = by] { data_->step(by); });
    QMainWindow::addAction(step);
  }
}

void MainWindow::showState() {
  const auto& run = session_.run();
  const bool has_data = session_.data().has_value();
  start_->setEnabled(has_data && !run.isActive());
  pause_->setEnabled(run.state() == "running");
  resume_->setEnabled(run.state() == "paused" || run.canResume());
  stop_->setEnabled(run.isActive() && run.state() != "stopping");
  export_->setEnabled(!session_.runFolder().empty() && !run.epochs().empty());
  undo_->setEnabled(session_.settings().canUndo());
  redo_->setEnabled(session_.settings().canRedo());

  const auto name = QString::fromStdString(session_.runFolder().filename().string());
  title_->setText(name.isEmpty() ? QString() : name + "  ·  " + stateWord(run.state()));
  setWindowTitle(name.isEmpty() ? tr("Rind") : tr("Rind – %1").arg(name));
  QString text = stateWord(run.state());
  if (!run.stateText().isEmpty()) text += ": " + run.stateText();
  if (!busy_.isEmpty()) text = busy_;
  status_->setText(text);
  left_->setText(run.progressText());
  const double share = run.progress();
  const bool waits = share < 0 && (run.isActive() || !busy_.isEmpty());
  progress_->setVisible(share >= 0 || waits);
  progress_->setRange(0, waits ? 0 : 1000);
  if (!waits) progress_->setValue(static_cast<int>(share * 1000));

  const int last = run.epochs().empty() ? 0 : run.epochs().back().at.epoch;
  const bool at_end = scrubber_->value() == scrubber_->maximum();
  const QSignalBlocker quiet(scrubber_);
  scrubber_->setEnabled(last > 1);
  scrubber_->setRange(std::min(1, last), last);
  if (at_end) scrubber_->setValue(last);
  scrubbed_->setText(last > 0 ? tr("epoch %1").arg(scrubber_->value()) : QString());
}

void MainWindow::showData() {
  const auto& opened = session_.data();
  views_->setEmptyText(
      opened ? tr("Loading the first case …")
             : tr("Open a data set: type its folder or phantom:amos on the left, or drop a folder here."));
  if (opened) {
    const auto& split = session_.split();
    data_->setProblem({});
    data_->setSource(session_.source(), tr("%1: %2 cases, %3 classes; %4 to train, %5 to validate")
                                            .arg(QString::fromStdString(opened->name))
                                            .arg(opened->cases.size())
                                            .arg(opened->labels.size())
                                            .arg(split.training.size())
                                            .arg(split.validation.size()));
    std::vector<panels::CaseLine> lines;
    for (const auto& one : opened->cases) {
      const bool validates =
          std::find(split.validation.begin(), split.validation.end(), one.id) != split.validation.end();
      lines.push_back({QString::fromStdString(one.id), validates ? "validate" : "train", {}});
    }
    data_->setCases(lines);
    scores_->setLabels(opened->labels);
    organs_->setLabels(opened->labels);
  }
  showState();
}

void MainWindow::notice(const QString& text, bool is_error) {
  notice_text_->setText(text);
  notice_->setProperty("error", is_error);
  notice_->style()->unpolish(notice_);
  notice_->style()->polish(notice_);
  notice_resume_->setVisible(is_error && session_.run().canResume());
  notice_->show();
}

QImage MainWindow::picture(const QString& view, const QSize& size) {
  if (view == "3d" || view == "axial" || view == "coronal" || view == "sagittal") {
    const QStringList names = {"axial", "coronal", "sagittal", "3d"};
    QWidget* widget = views_->view(static_cast<int>(names.indexOf(view)));
    const QImage image = view == "3d" ? views_->renderWidget()->grabFramebuffer() : widget->grab().toImage();
    return size.isEmpty() ? image : image.scaled(size, Qt::KeepAspectRatio, Qt::SmoothTransformation);
  }
  return grab().toImage();
}

void MainWindow::saveScreenshot() {
  auto* dialog = new QFileDialog(this, tr("Save a picture of the window"), {}, tr("PNG (*.png)"));
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix("png");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  const QImage image = picture();  // before the dialog lies over it
  connect(dialog, &QFileDialog::fileSelected, this, [this, image](const QString& path) {
    if (image.save(path))
      notice(tr("The picture is in %1").arg(path), false);
    else
      notice(tr("%1 cannot be written; choose another folder").arg(path), true);
  });
  dialog->open();
}

void MainWindow::exportModel() {
  auto* dialog = new QFileDialog(this, tr("Export the model"), {},
                                 tr("TorchScript (*.pt);;ONNX (*.onnx);;MONAI bundle (*)"));
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QFileDialog::fileSelected, this, [this, dialog](const QString& path) {
    const QString filter = dialog->selectedNameFilter();
    if (filter.startsWith("ONNX"))
      session_.exportModel(path.endsWith(".onnx") ? path : path + ".onnx", "onnx");
    else if (filter.startsWith("MONAI"))
      session_.exportModel(path, "monai-bundle");
    else
      session_.exportModel(path.endsWith(".pt") ? path : path + ".pt", "torchscript");
  });
  dialog->open();
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
