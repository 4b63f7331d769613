#pragma once

#include "rind/models/settings_model.h"

namespace rind::workbench {

/// Settings with which the built-in phantom is trained in minutes on two processor cores.
void setUpPhantom(models::SettingsModel& settings, int epochs);

}  // namespace rind::workbench
