#include "rind/workbench/actions.h"

#include <QToolButton>

#include "rind/workbench/theme.h"

namespace rind::workbench {

Actions::Actions(QWidget* window) : QObject(window), window_(window) {
  open = make({tr("Open"), "open", "open", QKeySequence::Open, tr("Open a data set's or a run's folder")});
  start = make(
      {tr("Start"), "start", "start", QKeySequence("F5"), tr("Start a new training with these settings")});
  pause = make({tr("Pause"), "pause", "pause", QKeySequence("F6"), tr("Pause after the running step")});
  resume = make({tr("Resume"), "resume", "resume", QKeySequence("F7"),
                 tr("Go on, after a pause or from the last checkpoint")});
  stop =
      make({tr("Stop"), "stop", "stop", QKeySequence("F8"), tr("Save a checkpoint and end; can be resumed")});
  screenshot = make(
      {tr("Picture"), "screenshot", "screenshot", QKeySequence("Ctrl+P"), tr("Save a picture of a view")});
  export_model = make({tr("Export"), "export", "export", QKeySequence("Ctrl+E"),
                       tr("Export the best model: TorchScript, ONNX, a MONAI bundle or its model card")});
  undo = make({tr("Undo"), "undo", "undo", QKeySequence::Undo, tr("Undo the last change of a setting")});
  redo = make({tr("Redo"), "redo", "redo", QKeySequence::Redo, tr("Redo the last change undone")});
  next_case = make({tr("Next case"), "nextCase", nullptr, QKeySequence("PgDown"), tr("Show the next case")});
  previous_case =
      make({tr("Previous case"), "previousCase", nullptr, QKeySequence("PgUp"), tr("Show the case before")});
}

QAction* Actions::make(const Text& text) {
  auto* action = new QAction(text.text, window_);
  if (text.icon != nullptr) action->setIcon(themedIcon(text.icon));
  action->setObjectName(text.name);
  action->setShortcut(text.keys);
  action->setToolTip(text.keys.isEmpty() ? text.tip
                                         : text.tip + QStringLiteral(" (%1)").arg(text.keys.toString()));
  window_->addAction(action);
  return action;
}

QList<QAction*> Actions::all() const {
  return {open, start, pause, resume, stop, next_case, previous_case, undo, redo, screenshot, export_model};
}

void Actions::fill(QToolBar& bar) const {
  bar.addAction(open);
  bar.addSeparator();
  bar.addActions({start, pause, resume, stop});
  bar.addSeparator();
  bar.addActions({screenshot, export_model});
  bar.addSeparator();
  bar.addActions({undo, redo});
  for (auto* action : {undo, redo})
    if (auto* button = qobject_cast<QToolButton*>(bar.widgetForAction(action)))
      button->setToolButtonStyle(Qt::ToolButtonIconOnly);
}

}  // namespace rind::workbench
