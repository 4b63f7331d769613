#pragma once

#include <QObject>
#include <filesystem>

#include "rind/workbench/case_desk.h"
#include "rind/workbench/check_desk.h"
#include "rind/workbench/probe_desk.h"
#include "rind/workbench/run_control.h"
#include "rind/workbench/shown_prediction.h"
#include "rind/workbench/thumbnail_desk.h"

namespace rind::workbench {

/// What the window is about, without a window: the open data set with the case on the screen, the run with
/// its engine, and how they belong together. Everything happens on the interface's thread, through signals;
/// what is costly is made on background threads.
class Session : public QObject {
  Q_OBJECT

 public:
  /// `engine`: the command that speaks the protocol.
  explicit Session(const QStringList& engine, QObject* parent = nullptr);

  models::SettingsModel& settings() { return settings_; }
  models::CaseModel& shownCase() { return case_; }
  models::RunModel& run() { return run_; }
  models::EngineClient& engine() { return control_.engine(); }
  RunControl& control() { return control_; }
  ProbeDesk& probes() { return probes_; }
  Activity& activity() { return activity_; }
  ThumbnailDesk& thumbnails() { return thumbnails_; }
  CheckDesk& checks() { return checks_; }

  /// A data set's folder, a single volume, phantom:NAME or a run's folder.
  void open(const QString& source);
  void showCase(const QString& id, bool by_hand);
  const std::optional<datasets::DataSet>& data() const { return desk_.data(); }
  const datasets::Split& split() const { return desk_.split(); }
  const QString& caseId() const { return desk_.caseId(); }
  const QString& source() const { return desk_.source(); }
  /// The classes of the open data set, or of the run where its data set is not there.
  const core::LabelSet& labels() const;
  bool isLoading() const { return activity_.any() || prediction_.isReading(); }

  /// Where new runs are made.
  void setRunsFolder(const std::filesystem::path& folder) { runs_ = folder; }
  const std::filesystem::path& runsFolder() const { return runs_; }
  const std::filesystem::path& runFolder() const { return control_.folder(); }
  bool canStart() const { return data().has_value() && !run_.isActive() && !isOpening(); }
  /// Whether a data set or a run is being opened, after which another one may be on the screen.
  bool isOpening() const { return desk_.isOpening() || opening_ > 0; }
  /// Trains in `folder`, or in a new one of the runs' folder.
  void start(const std::filesystem::path& folder = {});
  /// Starts as soon as the data set that is being opened is there.
  void startWhenOpen(const std::filesystem::path& folder);
  /// A run's settings and data set, for a new run.
  void duplicate(const QString& run);
  void pause() { control_.pause(); }
  void resume() {
    if (canResume()) control_.resume();
  }
  bool canResume() const;
  void stop() { control_.stop(); }
  void exportModel(const QString& path, const QString& format) { control_.exportModel(path, format); }
  void setApplied(bool applied) { control_.setApplied(applied); }
  /// The kept prediction of an epoch, 0 for the newest.
  void showEpoch(int epoch) { prediction_.showEpoch(epoch); }

 Q_SIGNALS:
  void dataChanged();
  void caseChanged(const QString& id);
  void runFolderChanged();
  void dataProblem(const QString& text);
  void caseProblem(const QString& id, const QString& text);
  /// Why a kept prediction cannot be shown; empty once one is.
  void predictionProblem(const QString& text);
  /// For the strip under the toolbar.
  void noticed(const QString& text, bool is_error);
  /// The training ended without being asked to.
  void broke(const QString& text);
  /// The cases to train and to validate with are others now.
  void splitChanged();
  void exported(const QString& path);

 private:
  void openRun(const std::filesystem::path& folder);
  void runOpened(const models::RunFolder& opened);
  void dataOpened(const QString& split_problem);
  void dataFailed(const QString& why);
  void settingsChanged(const QStringList& keys);
  bool refuseWhileTraining();

  models::SettingsModel settings_;
  models::CaseModel case_;
  models::RunModel run_;
  Activity activity_;
  CaseDesk desk_;
  ShownPrediction prediction_;
  RunControl control_;
  ProbeDesk probes_;
  ThumbnailDesk thumbnails_;
  CheckDesk checks_;
  core::LabelSet run_labels_;
  std::filesystem::path runs_ = "runs";
  std::filesystem::path start_folder_;
  int opening_ = 0;  // runs whose folders are being read
  bool start_when_open_ = false;
  bool opens_run_ = false;  // the data set that is being opened is that of the run on the screen
  bool chosen_by_hand_ = false;
  models::Background background_{this, 1};
};

}  // namespace rind::workbench
