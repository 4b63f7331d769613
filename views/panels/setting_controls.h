#pragma once

#include <QSignalBlocker>
#include <QWidget>

#include "rind/models/setting_domain.h"
#include "rind/models/settings_model.h"

namespace rind::panels {

/// A spin box, menu, switch or line of text for a setting, bound both ways to the model.
QWidget* makeControl(models::SettingsModel& settings, const models::SettingDomain& domain);

/// `box` with a slider beside it ("KEY.slider"), bound to the same value.
QWidget* withSlider(models::SettingsModel& settings, const models::SettingDomain& domain, QWidget* box);

/// Calls `show(value)` now and whenever the model's value of `key` changes; `control` is quiet meanwhile.
template <class Show>
void follow(models::SettingsModel& settings, const std::string& key, QWidget* control, Show show) {
  const auto refresh = [&settings, key, control, show] {
    const QSignalBlocker quiet(control);
    show(settings.value(key));
  };
  QObject::connect(&settings, &models::SettingsModel::changed, control,
                   [key, refresh](const QStringList& keys) {
                     if (keys.contains(QString::fromStdString(key))) refresh();
                   });
  refresh();
}

}  // namespace rind::panels
