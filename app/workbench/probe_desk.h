#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include "rind/models/case_model.h"
#include "rind/models/probe_model.h"
#include "rind/models/settings_model.h"
#include "rind/workbench/run_control.h"

namespace rind::workbench {

/// Asks the engine where the loss looks, as soon as what it depends on has changed and someone wants to know:
/// one question at a time, the newest wish only, never waited for.
class ProbeDesk : public QObject {
  Q_OBJECT

 public:
  ProbeDesk(const models::SettingsModel& settings, models::CaseModel& shown, const models::RunModel& run,
            RunControl& control);

  models::ProbeModel& model() { return model_; }
  /// Nothing is asked or waited for.
  bool isIdle() const { return !asking_ && !later_.isActive(); }

 private:
  enum class Freshness { weights, settings };
  void want(Freshness what);
  bool isDue() const;
  bool isLookedAt() const { return model_.isWanted() || case_.isHeatShown(); }
  void askWhereStale();
  void ask();
  void answered(const messages::Reply& reply, int of_case);
  void take(const messages::Reply& reply);
  void caseChanged(models::Changes what);

  const models::SettingsModel& settings_;
  models::CaseModel& case_;
  const models::RunModel& run_;
  RunControl& control_;
  models::ProbeModel model_;
  QTimer later_;
  QElapsedTimer since_look_;  // the network's own last look
  bool trained_ = false;      // when the run last said something
  bool fresh_ = true;         // the network has to look again
  bool stale_ = true;         // what was answered is out of date; asked again as soon as someone looks
  bool asking_ = false;       // an answer is under way
  int shown_cases_ = 0;       // so far
};

}  // namespace rind::workbench
