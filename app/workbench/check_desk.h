#pragma once

#include <QElapsedTimer>
#include <QProcess>

#include "rind/models/data_check.h"
#include "rind/workbench/case_desk.h"

namespace rind::workbench {

/// Looks at every voxel of every case of the open data set, by `rind inspect` in a process that comes behind
/// all others, so that it takes no memory of the window's and ends at once where nobody wants it any more. A
/// small data set is looked at as soon as it is open.
class CheckDesk : public QObject {
  Q_OBJECT

 public:
  CheckDesk(QString program, const CaseDesk& desk, const models::SettingsModel& settings);
  ~CheckDesk() override;

  /// `progressed` and `finished`, or `failed`, follow.
  void start();
  void cancel();
  /// Another data set is open, or none.
  void restart();
  bool isRunning() const { return process_.state() != QProcess::NotRunning; }

 Q_SIGNALS:
  /// `seconds_left` is negative where it is not known yet.
  void progressed(int done, int all, double seconds_left);
  void finished(const rind::models::DataCheck& check);
  void failed(const QString& why);
  void cancelled();

 private:
  QStringList arguments() const;
  void kill();
  void readProgress();
  void ended();

  QString program_;
  const CaseDesk& desk_;
  const models::SettingsModel& settings_;
  QProcess process_;
  QElapsedTimer since_;
  QString last_words_;
};

}  // namespace rind::workbench
