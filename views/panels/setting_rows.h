#pragma once

#include <QFormLayout>

#include "rind/models/settings_model.h"

namespace rind::panels {

/// Adds a setting's control to a form, bound both ways to the model: its tooltip teaches, its name is the
/// setting's key (a slider's is "KEY.slider"), and where a value is refused the reason stands below it.
void addSettingRow(QFormLayout& form, models::SettingsModel& settings, const std::string& key,
                   bool slider = false);

/// The adaptive rule with its value, which are one setting.
void addAdaptiveRow(QFormLayout& form, models::SettingsModel& settings);

/// An empty form in the house style.
QFormLayout* makeForm();

/// A section's heading in the house style.
QWidget* makeHeading(const QString& text, QWidget* parent = nullptr);

}  // namespace rind::panels
