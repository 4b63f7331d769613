#pragma once

#include <QObject>
#include <QTimer>
#include <filesystem>
#include <optional>

#include "rind/datasets/data_set.h"
#include "rind/models/background.h"
#include "rind/models/case_model.h"
#include "rind/models/engine_client.h"
#include "rind/models/run_folder.h"
#include "rind/models/run_model.h"
#include "rind/models/settings_model.h"

namespace rind::workbench {

/// What the window is about, without a window: the open data set, the case on the screen, the run and the
/// engine. Reads files and makes what is costly on background threads; everything else happens on the
/// interface's thread, through signals.
class Session : public QObject {
  Q_OBJECT

 public:
  /// `engine`: the command that speaks the protocol.
  explicit Session(QStringList engine, QObject* parent = nullptr);

  models::SettingsModel& settings() { return settings_; }
  models::CaseModel& shownCase() { return case_; }
  models::RunModel& run() { return run_; }
  models::EngineClient& engine() { return engine_; }

  /// A data set's folder, a single volume, phantom:NAME or a run's folder.
  void open(const QString& source);
  void showCase(const QString& id, bool by_hand);
  const std::optional<datasets::DataSet>& data() const { return data_; }
  const datasets::Split& split() const { return split_; }
  const QString& caseId() const { return wanted_case_; }
  const QString& source() const { return source_; }
  bool isLoading() const { return loading_ > 0; }

  /// Where new runs are made.
  void setRunsFolder(const std::filesystem::path& folder) { runs_ = folder; }
  const std::filesystem::path& runFolder() const { return run_folder_; }
  /// Trains in `folder`, or in a new one of the runs' folder.
  void start(const std::filesystem::path& folder = {});
  void pause();
  /// Goes on after a pause, or from the last checkpoint of a run that was stopped or broke off.
  void resume();
  void stop();
  void exportModel(const QString& path, const QString& format);
  /// Whether changes reach the running training.
  void setApplied(bool applied);
  /// The kept prediction of an epoch, 0 for the newest.
  void showEpoch(int epoch);

 Q_SIGNALS:
  void dataChanged();
  void caseChanged(const QString& id);
  void runFolderChanged();
  void busy(const QString& text);
  void dataProblem(const QString& text);
  void caseProblem(const QString& id, const QString& text);
  /// For the strip under the toolbar.
  void noticed(const QString& text, bool is_error);
  void exported(const QString& path);
  void idle();

 private:
  struct LatestPreview {
    std::string case_id;
    int epoch = 0;
    std::string payload;         // gzip-compressed labels, or empty:
    std::filesystem::path file;  // then they are here
  };

  void openData(const QString& source, bool keep_run);
  void openRun(const std::filesystem::path& folder);
  void take(const messages::Event& event, const std::string& payload);
  void takePreview(const messages::Preview& preview, const std::string& payload);
  void showPrediction();
  void settingsChanged(const QStringList& keys);
  void applyToTraining();
  void begin(const std::filesystem::path& folder, bool resume);
  void crashed(const QString& why);
  void loadingEnded();

  models::SettingsModel settings_;
  models::CaseModel case_;
  models::RunModel run_;
  models::EngineClient engine_;
  QTimer apply_later_;
  QString source_;
  std::optional<datasets::DataSet> data_;
  datasets::Split split_;
  QString wanted_case_;
  bool chosen_by_hand_ = false;
  std::filesystem::path runs_ = "runs";
  std::filesystem::path run_folder_;
  core::RunConfig applied_config_;
  bool applied_ = true;
  std::optional<LatestPreview> preview_;
  bool start_when_open_ = false;
  int loading_ = 0;
  int generation_ = 0;  // of the prediction that is wanted
  models::Background background_{this, 2};

 public:
  /// Starts as soon as the data set that is being opened is there.
  void startWhenOpen(const std::filesystem::path& folder);

 private:
  std::filesystem::path start_folder_;
};

}  // namespace rind::workbench
