#pragma once

#include <memory>

#include "rind/networks/network.h"

namespace rind::networks {

/// UNETR (Hatamizadeh et al. 2022); hidden size 48·base channels (768 for 16). Method, "Networks".
std::shared_ptr<Network> makeUNetR(const NetworkSettings& settings);

}  // namespace rind::networks
