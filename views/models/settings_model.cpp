#include "rind/models/settings_model.h"

#include "rind/core/error.h"
#include "rind/core/settings.h"

namespace rind::models {

nlohmann::json SettingsModel::value(const std::string& key) const {
  return core::setting(key).write(config_);
}

bool SettingsModel::set(const std::string& key, const nlohmann::json& value) {
  return change({{key, value}}, key);
}

bool SettingsModel::setAll(const nlohmann::json& values) {
  return change(values, {});
}

// `key`: whose changes in a row are one step of undo; empty for a step of its own.
bool SettingsModel::change(const nlohmann::json& values, const std::string& key) {
  core::RunConfig changed_config = config_;
  try {
    core::applySettings(changed_config, values);
  } catch (const core::InputError& error) {
    const std::string option = error.where().starts_with("--") ? error.where().substr(2) : error.where();
    Q_EMIT refused(QString::fromStdString(key.empty() ? option : key),
                   QString::fromStdString(error.problem() + "; " + error.remedy()));
    return false;
  }
  for (const auto& [name, value] : values.items()) Q_EMIT accepted(QString::fromStdString(name));
  if (changed_config == config_) return true;
  if (key.empty() || key != last_key_ || past_.empty()) past_.push_back(config_);
  last_key_ = key;
  future_.clear();
  replace(changed_config);
  return true;
}

void SettingsModel::setConfig(const core::RunConfig& config) {
  past_.clear();
  future_.clear();
  last_key_.clear();
  replace(config);
}

void SettingsModel::undo() {
  move(past_, future_);
}

void SettingsModel::redo() {
  move(future_, past_);
}

void SettingsModel::move(std::vector<core::RunConfig>& from, std::vector<core::RunConfig>& to) {
  if (from.empty()) return;
  to.push_back(config_);
  const core::RunConfig config = from.back();
  from.pop_back();
  last_key_.clear();
  replace(config);
}

void SettingsModel::replace(const core::RunConfig& config) {
  const auto changes = core::differences(config_, config);
  config_ = config;
  QStringList keys;
  for (const auto& [key, value] : changes.items()) keys << QString::fromStdString(key);
  Q_EMIT changed(keys);
}

}  // namespace rind::models
