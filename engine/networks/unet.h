#pragma once

#include <memory>

#include "rind/networks/network.h"

namespace rind::networks {

/// The paper's U-Net. Method, "Networks".
std::shared_ptr<Network> makeUNet(const NetworkSettings& settings);

}  // namespace rind::networks
