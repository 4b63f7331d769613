#pragma once

#include <QLabel>
#include <QProgressBar>
#include <QStatusBar>

#include "rind/models/run_model.h"
#include "rind/panels/elided_label.h"
#include "rind/workbench/activity.h"

namespace rind::workbench {

/// The state of the run in words, or what is being loaded, and how far it is.
class StatusStrip : public QStatusBar {
  Q_OBJECT

 public:
  StatusStrip(const models::RunModel& run, const Activity& activity, QWidget* parent = nullptr);

 private:
  void refresh();

  const models::RunModel& run_;
  QString busy_;
  panels::ElidedLabel* status_;  // an error may be longer than the window is wide
  QLabel* left_;
  QProgressBar* progress_;
};

}  // namespace rind::workbench
