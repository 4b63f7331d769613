#pragma once

#include <cmath>
#include <limits>
#include <type_traits>

#include "rind/core/settings.h"
#include "rind/core/text.h"

namespace rind::core {

// What the rows of the table of settings are made with, and the rows.

/// Throw InputError naming `--key`.
double readNumber(const nlohmann::json& value, const std::string& key);
std::int64_t readInteger(const nlohmann::json& value, const std::string& key);
std::int64_t readIntegerWithin(const nlohmann::json& value, const std::string& key, std::int64_t least,
                               std::uint64_t most);
bool readSwitch(const nlohmann::json& value, const std::string& key);

/// A number that is a member of what `owner` gives of a configuration.
template <class Owner, class T>
Setting numberSetting(std::string key, std::string help, bool live, Owner owner, T member) {
  return {key, std::move(help), live,
          [=](RunConfig& config, const nlohmann::json& value) {
            auto& field = owner(config).*member;
            using Field = std::remove_reference_t<decltype(field)>;
            if constexpr (std::is_floating_point_v<Field>)
              field = readNumber(value, key);
            else
              field = static_cast<Field>(readIntegerWithin(value, key, std::numeric_limits<Field>::min(),
                                                           std::numeric_limits<Field>::max()));
          },
          [=](const RunConfig& config) -> nlohmann::json {
            return owner(const_cast<RunConfig&>(config)).*member;
          }};
}

inline Setting switchSetting(std::string key, std::string help, bool live, bool RunConfig::*member) {
  return {key, std::move(help), live,
          [=](RunConfig& config, const nlohmann::json& value) { config.*member = readSwitch(value, key); },
          [=](const RunConfig& config) -> nlohmann::json { return config.*member; }};
}

/// null where it is not given.
inline Setting optionalNumberSetting(std::string key, std::string help,
                                     std::optional<double> RunConfig::*member) {
  return {key, std::move(help), false,
          [=](RunConfig& config, const nlohmann::json& value) {
            config.*member = value.is_null() ? std::nullopt : std::optional<double>(readNumber(value, key));
          },
          [=](const RunConfig& config) -> nlohmann::json {
            return config.*member ? nlohmann::json(*(config.*member)) : nlohmann::json(nullptr);
          }};
}

template <class T>
Setting textSetting(std::string key, std::string help, T member) {
  return {std::move(key), std::move(help), false,
          [=](RunConfig& config, const nlohmann::json& value) { config.*member = textOf(value); },
          [=](const RunConfig& config) -> nlohmann::json { return config.*member; }};
}

inline RunConfig& whole(RunConfig& config) {
  return config;
}
inline LossSettings& lossOf(RunConfig& config) {
  return config.loss;
}
inline ContourSettings& contourOf(RunConfig& config) {
  return config.contour;
}

std::vector<Setting> lossSettings();
std::vector<Setting> trainingSettings();

}  // namespace rind::core
