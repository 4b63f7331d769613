#pragma once

#include <QObject>
#include <functional>

#include "rind/models/background.h"
#include "rind/panels/runs_panel.h"
#include "rind/workbench/notice_bar.h"
#include "rind/workbench/session.h"

namespace rind::workbench {

/// What lies behind the list of runs: reads it in the background, and does what its buttons ask for.
class RunShelf : public QObject {
  Q_OBJECT

 public:
  RunShelf(Session& session, panels::RunsPanel& panel, NoticeBar& notice);

  void refresh();

 private:
  void showOwnState(std::vector<models::RunLine>& runs) const;
  void compare(const QStringList& runs);
  void resume(const QString& run);
  void askToDelete(const QString& run);
  void remove(const QString& run);

  Session& session_;
  panels::RunsPanel& panel_;
  NoticeBar& notice_;
  std::filesystem::path wanted_;  // to go on with once it is open
  QString shown_state_;           // of the session's run when the list was last read
  models::Background background_{this, 1};
};

}  // namespace rind::workbench
