#pragma once

#include <QObject>
#include <QStringList>
#include <nlohmann/json.hpp>
#include <vector>

#include "rind/core/run_config.h"

namespace rind::models {

/// The settings of a run as the interface sees them: values by key (core/settings.h), each checked when it is
/// set, with undo and redo. Controls, menus and tests set the same model and follow its `changed`.
class SettingsModel : public QObject {
  Q_OBJECT

 public:
  explicit SettingsModel(QObject* parent = nullptr) : QObject(parent) {}

  const core::RunConfig& config() const { return config_; }
  nlohmann::json value(const std::string& key) const;

  /// Sets one value; where it is refused, `refused` says why and the old one stays. Changes of the same key
  /// in a row are one step of undo.
  bool set(const std::string& key, const nlohmann::json& value);
  /// Sets several at once, `{key: value, …}`, as one step of undo; all or none of them.
  bool setAll(const nlohmann::json& values);
  /// Replaces all (a run was opened); forgets the history.
  void setConfig(const core::RunConfig& config);

  bool canUndo() const { return !past_.empty(); }
  bool canRedo() const { return !future_.empty(); }
  void undo();
  void redo();

 Q_SIGNALS:
  void changed(const QStringList& keys);
  void refused(const QString& key, const QString& why);
  void accepted(const QString& key);

 private:
  bool change(const nlohmann::json& values, const std::string& key);
  void move(std::vector<core::RunConfig>& from, std::vector<core::RunConfig>& to);
  void replace(const core::RunConfig& config);

  core::RunConfig config_;
  std::vector<core::RunConfig> past_;
  std::vector<core::RunConfig> future_;
  std::string last_key_;
};

}  // namespace rind::models
