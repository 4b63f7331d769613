#pragma once

#include <nlohmann/json.hpp>

#include "rind/networks/network.h"

namespace rind::networks {

void to_json(nlohmann::json& json, const NetworkSettings& settings);
/// Throws nlohmann::json::exception where a key is missing or of another type.
void from_json(const nlohmann::json& json, NetworkSettings& settings);

}  // namespace rind::networks
