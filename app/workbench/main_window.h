#pragma once

#include <QAction>
#include <QFrame>
#include <QLabel>
#include <QMainWindow>
#include <QProgressBar>
#include <QPushButton>
#include <QSlider>

#include "rind/charts/run_charts.h"
#include "rind/panels/contour_panel.h"
#include "rind/panels/data_panel.h"
#include "rind/panels/organ_table.h"
#include "rind/workbench/session.h"
#include "rind/workbench/view_grid.h"

namespace rind::workbench {

/// The window: set-up on the left, the case in the middle, organs on the right, curves below.
class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(Session& session);

  ViewGrid& views() { return *views_; }
  /// The window, or one view ("3d", "axial", "coronal", "sagittal"), as a picture of `size` (empty: as it
  /// is).
  QImage picture(const QString& view = "window", const QSize& size = {});

 Q_SIGNALS:
  void closed();

 protected:
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  QAction* addAction(const QString& text, const char* name, const char* icon, const QKeySequence& keys,
                     const QString& tip);
  void makeToolBar();
  void makeBody();
  void makeStatusBar();
  QWidget* makeSide();
  QWidget* makeRight();
  QWidget* makeBottom();
  QFrame* makeNotice();
  void connectSession();
  void showState();
  void showData();
  void notice(const QString& text, bool is_error);
  void saveScreenshot();
  void exportModel();

  Session& session_;
  ViewGrid* views_ = nullptr;
  panels::DataPanel* data_ = nullptr;
  panels::ContourPanel* contour_ = nullptr;
  panels::OrganTable* organs_ = nullptr;
  charts::EpochChart* scores_ = nullptr;
  QSlider* scrubber_ = nullptr;
  QLabel* scrubbed_ = nullptr;
  QAction* open_ = nullptr;
  QAction* start_ = nullptr;
  QAction* pause_ = nullptr;
  QAction* resume_ = nullptr;
  QAction* stop_ = nullptr;
  QAction* screenshot_ = nullptr;
  QAction* export_ = nullptr;
  QAction* undo_ = nullptr;
  QAction* redo_ = nullptr;
  QLabel* title_ = nullptr;
  QLabel* status_ = nullptr;
  QLabel* left_ = nullptr;
  QProgressBar* progress_ = nullptr;
  QFrame* notice_ = nullptr;
  QLabel* notice_text_ = nullptr;
  QPushButton* notice_resume_ = nullptr;
  QString busy_;
};

}  // namespace rind::workbench
