#pragma once

#include <QCheckBox>
#include <QLabel>
#include <QWidget>

#include "rind/models/case_model.h"
#include "rind/models/settings_model.h"

namespace rind::panels {

/// Everything about the rind and its weight; each change is seen at once in all views, and in the running
/// training while the switch is on.
class ContourPanel : public QWidget {
  Q_OBJECT

 public:
  ContourPanel(models::SettingsModel& settings, const models::CaseModel& shown, QWidget* parent = nullptr);

  QCheckBox* applySwitch() { return apply_; }
  /// Whether another process trains the run that is shown, which nothing here reaches.
  void setHeld(bool held);

 private:
  void describe();

  models::SettingsModel& settings_;
  const models::CaseModel& case_;
  QCheckBox* apply_;
  QLabel* read_out_;
};

}  // namespace rind::panels
