#pragma once

#include "rind/workbench/actions.h"
#include "rind/workbench/session.h"

namespace rind::workbench {

/// Writes the organs that are shown to files as surfaces, in the background, where an action asks for it.
class SurfaceDesk : public QObject {
  Q_OBJECT

 public:
  SurfaceDesk(Session& session, Actions& actions, QWidget* window);

  /// Of the case's reference, or of the prediction that lies over it. The session's `noticed` tells how it
  /// ended.
  void write(const QString& path, bool prediction);

 private:
  void ask(bool prediction);
  void showState();

  Session& session_;
  Actions& actions_;
  QWidget* window_;
  models::Background background_{this, 1};
};

}  // namespace rind::workbench
