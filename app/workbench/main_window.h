#pragma once

#include <QMainWindow>
#include <QSettings>
#include <QTabWidget>

#include "rind/charts/detail_chart.h"
#include "rind/charts/run_charts.h"
#include "rind/panels/contour_panel.h"
#include "rind/panels/data_panel.h"
#include "rind/panels/elided_label.h"
#include "rind/panels/epoch_scrubber.h"
#include "rind/panels/organ_table.h"
#include "rind/panels/runs_panel.h"
#include "rind/workbench/actions.h"
#include "rind/workbench/notice_bar.h"
#include "rind/workbench/picture_desk.h"
#include "rind/workbench/session.h"
#include "rind/workbench/tour.h"
#include "rind/workbench/view_grid.h"

namespace rind::workbench {

/// As large as the window opens on a screen with this room: no larger, or half of it could not be reached.
QSize firstSize(const QSize& room);

/// The window: set-up on the left, the case in the middle, organs on the right, curves below.
class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(Session& session);

  ViewGrid& views() { return *views_; }
  PictureDesk& pictures() { return *pictures_; }
  Tour& tour() { return *tour_; }
  /// The window, or one of its views, as large as it stands on the screen.
  QImage picture(const QString& view = "window");

  /// Its place on the screen and what is chosen in it, for the next time it is opened.
  void remember(QSettings& settings) const;
  void recall(const QSettings& settings);

 Q_SIGNALS:
  void closed();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void makeToolBar();
  void makeBody();
  QWidget* makeSide();
  QWidget* makeRight();
  QWidget* makeBottom();
  void connectActions();
  void connectSession();
  void connectCases(panels::CaseList& cases);
  void connectChecks(panels::CheckRow& row);
  void showState();
  void showData();
  void showSplit();
  void offerToGoOn(const QString& text);
  void toggleKeyboard();

  Session& session_;
  Actions actions_;
  ViewGrid* views_ = nullptr;
  panels::DataPanel* data_ = nullptr;
  panels::ContourPanel* contour_ = nullptr;
  panels::OrganTable* organs_ = nullptr;
  panels::EpochScrubber* scrubber_ = nullptr;
  panels::RunsPanel* runs_ = nullptr;
  charts::ScoreChart* scores_ = nullptr;
  charts::DetailChart* details_ = nullptr;
  QTabWidget* tabs_ = nullptr;
  NoticeBar* notice_ = nullptr;
  std::filesystem::path broken_;  // the run that the notice on the screen is of, where it broke off
  PictureDesk* pictures_ = nullptr;
  Tour* tour_ = nullptr;
  QToolBar* tools_ = nullptr;
  panels::ElidedLabel* title_ = nullptr;
};

}  // namespace rind::workbench
