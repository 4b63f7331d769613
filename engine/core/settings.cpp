#include "rind/core/settings.h"

#include <cmath>
#include <utility>

#include "rind/core/error.h"
#include "rind/core/recipes.h"
#include "rind/core/setting_rows.h"

namespace rind::core {

using nlohmann::json;

namespace {

std::string option(const std::string& key) {
  return "--" + key;
}

}  // namespace

double readNumber(const json& value, const std::string& key) {
  if (value.is_number()) return value.get<double>();
  const std::string text = textOf(value);
  std::size_t used = 0;
  double number = 0;
  try {
    number = std::stod(text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used == 0 || used != text.size())
    throw InputError(option(key), "\"" + text + "\" is not a number", "give a number");
  return number;
}

std::int64_t readInteger(const json& value, const std::string& key) {
  const double number = readNumber(value, key);
  if (number != std::floor(number) || std::abs(number) > 9e15)
    throw InputError(option(key), "\"" + textOf(value) + "\" is not a whole number", "give a whole number");
  return static_cast<std::int64_t>(number);
}

std::int64_t readIntegerWithin(const json& value, const std::string& key, std::int64_t least,
                               std::uint64_t most) {
  const std::int64_t number = readInteger(value, key);
  if (number < least || std::cmp_greater(number, most))
    throw InputError(option(key), "\"" + textOf(value) + "\" is beyond all bounds",
                     "give a number between " + std::to_string(least) + " and " + std::to_string(most));
  return number;
}

bool readSwitch(const json& value, const std::string& key) {
  if (value.is_boolean()) return value.get<bool>();
  const std::string text = textOf(value);
  if (text == "true" || text == "1" || text == "on") return true;
  if (text == "false" || text == "0" || text == "off") return false;
  throw InputError(option(key), "\"" + text + "\" is neither true nor false", "write true or false");
}

const std::vector<Setting>& settings() {
  static const std::vector<Setting> all = [] {
    auto table = lossSettings();
    for (auto& entry : trainingSettings()) table.push_back(std::move(entry));
    return table;
  }();
  return all;
}

const Setting& setting(const std::string& key) {
  for (const auto& entry : settings())
    if (entry.key == key) return entry;
  throw InputError(option(key), "is not a setting", "see rind train --help for those there are");
}

void applySettings(RunConfig& config, const json& changes) {
  if (!changes.is_object())
    throw InputError("settings", "are not a JSON object", "give {\"lambda\": 0.5} or the like");
  RunConfig changed = config;
  const json opened = withPresetsOpened(changes);
  for (const auto& [key, value] : opened.items()) setting(key).read(changed, value);
  validate(changed);
  config = changed;
}

json withPresetsOpened(const json& changes) {
  const auto preset = changes.find("preset");
  if (preset == changes.end()) return changes;
  json opened = changes;
  const json wanted = presetSettings(textOf(*preset));
  for (const auto& [key, value] : wanted.items())
    if (key == "preset" || !changes.contains(key)) opened[key] = value;
  return opened;
}

json differences(const RunConfig& before, const RunConfig& after) {
  json changes = json::object();
  for (const auto& entry : settings())
    if (entry.write(before) != entry.write(after)) changes[entry.key] = entry.write(after);
  return changes;
}

}  // namespace rind::core
