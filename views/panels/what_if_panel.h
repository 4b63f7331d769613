#pragma once

#include <QLabel>
#include <QTableWidget>
#include <QWidget>

#include "rind/models/case_model.h"
#include "rind/models/probe_model.h"
#include "rind/models/settings_model.h"

namespace rind::panels {

/// What each of the eight losses says of the case on the screen at the settings on the screen, and which
/// share of its gradient lies on contours: for all classes, or for the organ that is selected. A click on a
/// loss puts its gradient into the heat map.
class WhatIfPanel : public QWidget {
  Q_OBJECT

 public:
  WhatIfPanel(models::ProbeModel& probe, const models::SettingsModel& settings,
              const models::CaseModel& shown, QWidget* parent = nullptr);

  enum Column { kLoss, kValue, kTerms, kGradient, kColumns };

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void refresh();
  void fillRow(int row, const messages::ProbedLoss& loss);
  void describe();

  models::ProbeModel& probe_;
  const models::SettingsModel& settings_;
  const models::CaseModel& case_;
  QLabel* subject_;
  QTableWidget* table_;
  QLabel* sentence_;
};

}  // namespace rind::panels
