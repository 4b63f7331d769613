#pragma once

#include <QWidget>

#include "rind/models/settings_model.h"
#include "rind/panels/fold.h"

namespace rind::panels {

/// Network, loss and how long: what a run is started with. What few runs need is folded away below; the fold
/// says how many of those are not at their defaults.
class TrainingPanel : public QWidget {
  Q_OBJECT

 public:
  explicit TrainingPanel(models::SettingsModel& settings, QWidget* parent = nullptr);

 private:
  QWidget* makeAdvanced();
  void describe();

  models::SettingsModel& settings_;
  Fold* fold_;
};

}  // namespace rind::panels
