#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "rind/core/loss_settings.h"

namespace rind::losses::testing {

/// The settings of one entry of `expected` in a loss oracle (shared/oracles/README.md, "loss").
struct OracleSettings {
  core::LossSettings loss;
  bool include_background = false;
};

inline OracleSettings oracleSettings(const nlohmann::json& expected) {
  OracleSettings settings;
  std::string name = expected.at("loss");
  if (name == "CWCD_AUTHORS") {
    settings.loss.preset = core::Preset::authors;
    name = "CWCD";
  }
  for (char& letter : name) letter = static_cast<char>(std::tolower(letter));
  settings.loss.kind = core::parseLossKind(name);
  const nlohmann::json& given = expected.at("params");
  settings.loss.alpha = given.value("alpha", settings.loss.alpha);
  settings.loss.lambda = given.value("lambda", settings.loss.lambda);
  settings.loss.w0 = given.value("w0", settings.loss.w0);
  settings.loss.sigma = given.value("sigma", settings.loss.sigma);
  if (given.contains("eps")) settings.loss.epsilon = given.at("eps").get<double>();
  settings.include_background = given.value("background", false);
  return settings;
}

}  // namespace rind::losses::testing
