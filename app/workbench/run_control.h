#pragma once

#include <QObject>
#include <QTimer>
#include <filesystem>

#include "rind/models/background.h"
#include "rind/models/engine_client.h"
#include "rind/models/run_follower.h"
#include "rind/models/run_model.h"
#include "rind/models/settings_model.h"
#include "rind/workbench/activity.h"

namespace rind::workbench {

/// The one training that the engine runs, or the run that was opened: starts it, steers it, and follows what
/// it says; of a run that was opened also what others write into its folder.
class RunControl : public QObject {
  Q_OBJECT

 public:
  RunControl(QStringList engine, models::SettingsModel& settings, models::RunModel& run, Activity& activity);

  models::EngineClient& engine() { return engine_; }
  const std::filesystem::path& folder() const { return folder_; }
  /// Shows the run and follows its folder, until another is shown or it is trained from here.
  void show(const models::RunFolder& opened);
  void forget();

  /// With `or_next`, in the next free folder of its row where the engine finds it taken.
  void start(const std::filesystem::path& folder, bool or_next);
  void pause();
  /// Goes on after a pause, or from the last checkpoint of a run that was stopped or broke off.
  void resume();
  void stop();
  void exportModel(const QString& path, const QString& format);
  /// Whether changes of settings reach the running training.
  void setApplied(bool applied);

 Q_SIGNALS:
  void folderChanged();
  void previewed(const rind::messages::Preview& preview, const std::string& payload);
  void noticed(const QString& text, bool is_error);
  /// The training on the screen ended without being asked to; `text` is a sentence.
  void broke(const QString& text);
  void exported(const QString& path);

 private:
  void begin(const std::filesystem::path& folder, bool resume, bool or_next = false);
  void began(const messages::Reply& reply);
  void take(const messages::Event& event, const std::string& payload);
  void applyChanges();
  void sayWhatWaits(const nlohmann::json& waiting, const nlohmann::json& taken);
  void readScores();
  void takeNews(const models::RunNews& news);
  void takeSettings(const core::RunConfig& config);
  void sayBroken(std::size_t lines);
  void sayEnd();
  void sayOnlyDrawn();
  void crashed(const QString& why);

  models::SettingsModel& settings_;
  models::RunModel& run_;
  Activity& activity_;
  models::EngineClient engine_;
  QTimer apply_later_;
  std::filesystem::path folder_;
  core::RunConfig applied_config_;                     // what the training has, also one that is followed
  nlohmann::json waiting_ = nlohmann::json::object();  // what was said to wait for the next run
  bool applied_ = true;
  bool said_only_drawn_ = false;
  models::RunFollower follower_;
  models::Background background_{this, 1};
};

}  // namespace rind::workbench
