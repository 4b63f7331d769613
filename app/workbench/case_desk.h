#pragma once

#include <QObject>
#include <atomic>
#include <memory>
#include <optional>

#include "rind/datasets/data_set.h"
#include "rind/models/background.h"
#include "rind/models/case_model.h"
#include "rind/models/settings_model.h"
#include "rind/workbench/activity.h"
#include "rind/workbench/outcome.h"

namespace rind::workbench {

/// The data set that is open, and which of its cases is on the screen. Both are read in the background; only
/// the newest wish counts.
class CaseDesk : public QObject {
  Q_OBJECT

 public:
  CaseDesk(const models::SettingsModel& settings, models::CaseModel& shown, Activity& activity);

  /// A folder, a volume or phantom:NAME; `opened` or `problem` follows.
  void open(const QString& source);
  /// No data set, no case.
  void close();
  /// `shown` or `caseProblem` follows.
  void show(const QString& id);

  const std::optional<datasets::DataSet>& data() const { return data_; }
  const datasets::Split& split() const { return split_; }
  /// Of the data set that is open.
  const QString& source() const { return source_; }
  bool isOpening() const { return opening_ > 0; }
  /// Whether all of the open data set is read in moments: files of at most 256 MB together.
  bool isSmall() const { return is_small_; }
  /// Draws the split anew, by the settings as they are now. Returns why it cannot be, or nothing.
  QString drawSplit();
  /// The case that is wanted on the screen, there or not yet.
  const QString& caseId() const { return wanted_case_; }
  /// The first to validate with, else the first.
  QString firstCase() const;

 Q_SIGNALS:
  void opened(const QString& split_problem);
  void problem(const QString& text);
  void shown(const QString& id);
  void caseProblem(const QString& id, const QString& text);

 private:
  void take(const datasets::DataSet& data, bool is_small);
  void read(const QString& id);
  void take(const QString& id, const Outcome<models::LoadedCase>& outcome);

  const models::SettingsModel& settings_;
  models::CaseModel& case_;
  Activity& activity_;
  QString source_;
  QString asked_;  // the newest wish for a source
  int opening_ = 0;
  bool is_small_ = false;
  QString wanted_case_;
  std::optional<datasets::DataSet> data_;
  datasets::Split split_;
  std::shared_ptr<std::atomic<int>> wish_ = std::make_shared<std::atomic<int>>(0);  // for a case; the newest
  models::Background background_{this, 1};
  models::Background reading_{this, 1};  // one case at a time: each takes room
};

}  // namespace rind::workbench
