#include "commands.h"
#include "rind/core/settings.h"
#include "rind/core/text.h"

namespace rind::app {
namespace {

/// As the help shows it; empty where it depends on other settings or the data.
std::string defaultOf(const core::Setting& setting) {
  const nlohmann::json value = setting.write(core::RunConfig{});
  return value.is_null() ? "" : core::textOf(value);
}

}  // namespace

void addSettings(CLI::App& command, const std::vector<std::string>& keys, GivenSettings& given) {
  given = nlohmann::json::object();
  for (const auto& key : keys) {
    const auto& setting = core::setting(key);
    if (setting.write(core::RunConfig{}).is_boolean())
      command.add_flag_callback(
          "--" + key, [&given, key] { given[key] = true; }, setting.help);
    else
      command
          .add_option_function<std::string>(
              "--" + key, [&given, key](const std::string& text) { given[key] = text; }, setting.help)
          ->default_str(defaultOf(setting));
  }
}

const std::vector<std::string>& contourKeys() {
  static const std::vector<std::string> keys = {"iterations", "kernel", "border", "include-background",
                                                "adaptive"};
  return keys;
}

const std::vector<std::string>& lossKeys() {
  static const std::vector<std::string> keys = {
      "loss",    "preset", "iterations",         "kernel",   "lambda", "alpha",
      "epsilon", "border", "include-background", "adaptive", "w0",     "sigma"};
  return keys;
}

core::RunConfig configOf(const GivenSettings& given) {
  core::RunConfig config;
  core::applySettings(config, given);
  return config;
}

}  // namespace rind::app
