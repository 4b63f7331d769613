#pragma once

#include <vector>

#include "rind/models/setting_domain.h"

namespace rind::models {

/// Of the settings that few runs need, in the order in which they are shown.
std::vector<SettingDomain> advancedDomains();

}  // namespace rind::models
