#include "rind/workbench/main_window.h"

#include <QCloseEvent>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QScreen>

#include "rind/workbench/file_dialogs.h"
#include "rind/workbench/keyboard_sheet.h"
#include "rind/workbench/status_strip.h"
#include "rind/workbench/surface_desk.h"

namespace rind::workbench {
namespace {

constexpr int kRoomForWords = 1200;  // pixels
constexpr auto kPlace = "window";    // in the settings
constexpr auto kDetail = "detail chart";
constexpr auto kThumbnails = "thumbnails";

}  // namespace

QSize firstSize(const QSize& room) {
  return QSize(1440, 900).boundedTo(room);
}

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
  resize(firstSize(screen()->availableSize()));
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
    if (!pictures_->isAsking()) notice_->say(why, true);
  });
  connect(pictures_, &PictureDesk::saved, this, [this](const QString& file) {
    notice_->say(tr("The picture is in %1, how to make it again in %2").arg(file, captionFile(file)), false);
  });
  connect(actions_.export_model, &QAction::triggered, this, [this] {
    askForExport(this, QString::fromStdString(session_.runFolder().filename().string()),
                 [this](const QString& path, const QString& format) { session_.exportModel(path, format); });
  });
  connect(actions_.undo, &QAction::triggered, &session_.settings(), &models::SettingsModel::undo);
  connect(actions_.redo, &QAction::triggered, &session_.settings(), &models::SettingsModel::redo);
  connect(actions_.next_case, &QAction::triggered, this, [this] { data_->cases().step(1); });
  connect(actions_.previous_case, &QAction::triggered, this, [this] { data_->cases().step(-1); });
  connect(actions_.tour, &QAction::triggered, tour_, &Tour::start);
  connect(actions_.keyboard, &QAction::triggered, this, &MainWindow::toggleKeyboard);
}

void MainWindow::connectSession() {
  connect(data_, &panels::DataPanel::browseRequested, actions_.open, &QAction::trigger);
  connect(data_, &panels::DataPanel::openRequested, &session_, &Session::open);
  connectCases(data_->cases());
  connectChecks(data_->checks());
  connect(contour_->applySwitch(), &QCheckBox::toggled, &session_, &Session::setApplied);
  connect(scrubber_, &panels::EpochScrubber::epochChosen, &session_, &Session::showEpoch);
  connect(&session_, &Session::predictionProblem, scrubber_, &panels::EpochScrubber::setProblem);
  connect(&session_.settings(), &models::SettingsModel::changed, this, &MainWindow::showState);
  connect(&session_, &Session::dataChanged, this, &MainWindow::showData);
  connect(&session_, &Session::runFolderChanged, this, [this] {
    if (!broken_.empty() && broken_ != session_.runFolder()) {
      broken_.clear();
      notice_->hide();
    }
    showState();
  });
  connect(&session_, &Session::dataProblem, data_, &panels::DataPanel::setProblem);
  connect(&session_, &Session::caseProblem, this, [this](const QString& id, const QString& text) {
    data_->cases().setProblem(id, text);
    views_->setEmptyText(text);
  });
  connect(&session_, &Session::noticed, notice_, &NoticeBar::say);
  connect(&session_, &Session::broke, this, &MainWindow::offerToGoOn);
  connect(&session_, &Session::splitChanged, this, &MainWindow::showSplit);
  connect(&session_.activity(), &Activity::changed, this, &MainWindow::showState);
  connect(&session_.run(), &models::RunModel::changed, this, [this](models::RunChanges what) {
    if (what & (models::RunChange::state | models::RunChange::scores)) showState();
  });
}

void MainWindow::showState() {
  const auto& run = session_.run();
  actions_.start->setEnabled(session_.canStart());
  actions_.pause->setEnabled(run.state() == "running");
  actions_.resume->setEnabled(session_.canResume());
  actions_.stop->setEnabled(run.isActive() && run.state() != "stopping");
  actions_.export_model->setEnabled(!session_.runFolder().empty() && !run.epochs().empty());
  actions_.undo->setEnabled(session_.settings().canUndo());
  actions_.redo->setEnabled(session_.settings().canRedo());
  const auto name = QString::fromStdString(session_.runFolder().filename().string());
  title_->setText(name.isEmpty() ? QString() : name + "  ·  " + run.stateWord());
  const bool told = run.isPaused() || run.isHeld();
  setWindowTitle(name.isEmpty() ? tr("Rind")
                 : told         ? tr("Rind – %1 – %2").arg(name, run.stateWord())
                                : tr("Rind – %1").arg(name));
  actions_.setHeld(run.isHeld());
  contour_->setHeld(run.isHeld());
}

// The button is of that run: with another on the screen it would go on with the wrong one.
void MainWindow::offerToGoOn(const QString& text) {
  const auto& run = session_.run();
  broken_ = session_.runFolder();
  if (run.canResume())
    notice_->offer(
        text, tr("Resume"), [this] { session_.resume(); }, true);
  else if (run.state() == "crashed" && session_.canStart())
    notice_->offer(
        text, tr("Start again"), [this] { session_.start(); }, true);
  else
    notice_->say(text, true);
}

QImage MainWindow::picture(const QString& view) {
  const auto index = static_cast<int>(pictureViews().indexOf(view));
  const QWidget* shown = index == ViewGrid::k3d     ? views_->renderWidget()
                         : index < ViewGrid::kViews ? views_->view(index)
                                                    : static_cast<QWidget*>(this);
  return drawPicture(*this, *views_, {{}, view, shown->size()});
}

void MainWindow::remember(QSettings& settings) const {
  settings.setValue(kPlace, saveGeometry());
  settings.setValue(kDetail, findChild<QComboBox*>("shareChart.what")->currentData());
  settings.setValue(kThumbnails, findChild<QAction*>("thumbnails")->isChecked());
}

void MainWindow::recall(const QSettings& settings) {
  restoreGeometry(settings.value(kPlace).toByteArray());
  auto* detail = findChild<QComboBox*>("shareChart.what");
  detail->setCurrentIndex(std::max(0, detail->findData(settings.value(kDetail))));
  findChild<QAction*>("thumbnails")->setChecked(settings.value(kThumbnails, true).toBool());
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
