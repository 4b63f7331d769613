#pragma once

#include <memory>

#include "rind/networks/network.h"

namespace rind::networks {

/// V-Net (Milletari et al. 2016) with batch normalisation, as the field uses it. Method, "Networks".
std::shared_ptr<Network> makeVNet(const NetworkSettings& settings);

}  // namespace rind::networks
