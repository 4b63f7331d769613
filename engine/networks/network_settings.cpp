#include "rind/networks/network_settings.h"

namespace rind::networks {

void to_json(nlohmann::json& json, const NetworkSettings& settings) {
  const auto& patch = settings.patch;
  json = {{"name", settings.name},
          {"in_channels", settings.in_channels},
          {"classes", settings.classes},
          {"base_channels", settings.base_channels},
          {"patch", {patch.z, patch.y, patch.x}},
          {"deep_supervision", settings.deep_supervision}};
}

void from_json(const nlohmann::json& json, NetworkSettings& settings) {
  const auto& patch = json.at("patch");
  settings = {.name = json.at("name"),
              .in_channels = json.at("in_channels"),
              .classes = json.at("classes"),
              .base_channels = json.at("base_channels"),
              .patch = {patch.at(0), patch.at(1), patch.at(2)},
              .deep_supervision = json.value("deep_supervision", false)};
}

}  // namespace rind::networks
