#pragma once

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QWidget>
#include <optional>

#include "rind/charts/curve_chart.h"
#include "rind/models/background.h"
#include "rind/models/run_comparison.h"

namespace rind::workbench {

/// Runs beside each other, in a window of their own: curves, settings that differ, scores with their paired
/// differences. It shows the runs as they were when it was opened. One that is closed while it reads is gone
/// at once and deleted when it has read.
class CompareWindow : public QWidget {
  Q_OBJECT

 public:
  CompareWindow(const QStringList& runs, QWidget* parent = nullptr);

  /// Writes everything as CSV, whole or not at all; what went wrong is said in the window.
  void exportTo(const QString& path);

 protected:
  void closeEvent(QCloseEvent* event) override;

 private:
  QWidget* makeCurves();
  QWidget* makeTables();
  QWidget* makeFoot();
  void take(const models::RunComparison& comparison);
  void showCurves();
  void showScores();
  void say(const QString& text, const char* role);

  std::optional<models::RunComparison> comparison_;
  charts::CurveChart* dsc_;
  charts::CurveChart* loss_;
  QTableWidget* settings_;
  QTableWidget* scores_;
  QLabel* no_settings_;
  QLabel* said_;
  QLabel* notes_;
  QLabel* conventions_;
  QComboBox* kind_;
  QPushButton* export_;
  bool reading_ = true;
  bool deleted_when_read_ = false;
  models::Background background_{this, 1};
};

}  // namespace rind::workbench
