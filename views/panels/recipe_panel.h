#pragma once

#include <QComboBox>
#include <QLabel>
#include <QWidget>

#include "rind/models/settings_model.h"

namespace rind::panels {

/// Chooses a whole recipe (core/recipes.h) in one step of undo, and says which one the settings are.
class RecipePanel : public QWidget {
  Q_OBJECT

 public:
  explicit RecipePanel(models::SettingsModel& settings, QWidget* parent = nullptr);

 private:
  void describe();

  models::SettingsModel& settings_;
  QComboBox* recipe_;
  QLabel* says_;
};

}  // namespace rind::panels
