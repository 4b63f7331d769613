#pragma once

#include <memory>

#include "rind/networks/network.h"

namespace rind::networks {

/// DeepLabV3 (Chen et al. 2017) in 3-D, output stride 8. Method, "Networks".
std::shared_ptr<Network> makeDeepLabV3(const NetworkSettings& settings);

}  // namespace rind::networks
