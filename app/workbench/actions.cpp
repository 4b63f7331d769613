#include "rind/workbench/actions.h"

#include <QMenu>

#include "rind/workbench/theme.h"

namespace rind::workbench {
namespace {

QString withKeys(const QString& tip, const QKeySequence& keys) {
  return keys.isEmpty() ? tip : tip + QStringLiteral(" (%1)").arg(keys.toString());
}

}  // namespace

Actions::Actions(QWidget* window) : QObject(window), window_(window) {
  open = make({tr("Open"), "open", "open", QKeySequence::Open, tr("Open a data set's or a run's folder"),
               tr("FILE")});
  start = make({tr("Start"), "start", "start", QKeySequence("F5"),
                tr("Start a new training with these settings"), tr("TRAINING")});
  pause = make({tr("Pause"), "pause", "pause", QKeySequence("F6"), tr("Pause after the running step"),
                tr("TRAINING")});
  resume = make({tr("Resume"), "resume", "resume", QKeySequence("F7"),
                 tr("Go on, after a pause or from the last checkpoint"), tr("TRAINING")});
  stop = make({tr("Stop"), "stop", "stop", QKeySequence("F8"),
               tr("Save a checkpoint and end; can be resumed"), tr("TRAINING")});
  screenshot = make({tr("Picture"), "screenshot", "screenshot", QKeySequence("Ctrl+P"),
                     tr("Save a picture of a view or the window, at any size"), tr("FILE")});
  export_model =
      make({tr("Model …"), "export", nullptr, QKeySequence("Ctrl+E"),
            tr("Export the best model: TorchScript, ONNX, a MONAI bundle or its model card"), tr("FILE")});
  export_reference =
      make({tr("Surfaces of the reference …"), "exportReference", nullptr, QKeySequence("Ctrl+Shift+E"),
            tr("Export the reference's surfaces: STL, PLY, OBJ or glTF"), tr("FILE")});
  export_prediction =
      make({tr("Surfaces of the prediction …"), "exportPrediction", nullptr, QKeySequence("Ctrl+Shift+P"),
            tr("Export the prediction's surfaces: STL, PLY, OBJ or glTF"), tr("FILE")});
  undo = make({tr("Undo"), "undo", "undo", QKeySequence::Undo, tr("Undo the last change of a setting"),
               tr("SETTINGS")});
  redo = make(
      {tr("Redo"), "redo", "redo", QKeySequence::Redo, tr("Redo the last change undone"), tr("SETTINGS")});
  next_case = make(
      {tr("Next case"), "nextCase", nullptr, QKeySequence("PgDown"), tr("Show the next case"), tr("CASES")});
  previous_case = make({tr("Previous case"), "previousCase", nullptr, QKeySequence("PgUp"),
                        tr("Show the case before"), tr("CASES")});
  tour = make({tr("First steps"), "tour", nullptr, QKeySequence(),
               tr("A tour of three steps: the slider, a training, λ while it runs"), tr("HELP")});
  keyboard = make({tr("Keyboard"), "keyboard", nullptr, QKeySequence("F1"),
                   tr("Show or hide this list of keys"), tr("HELP")});
}

QAction* Actions::make(const Text& text) {
  auto* action = new QAction(text.text, window_);
  if (text.icon != nullptr) action->setIcon(themedIcon(text.icon));
  action->setObjectName(text.name);
  action->setShortcut(text.keys);
  action->setWhatsThis(text.tip);
  action->setProperty("group", text.group);
  action->setToolTip(withKeys(text.tip, text.keys));
  window_->addAction(action);
  return action;
}

void Actions::setHeld(bool held) {
  const auto tell = [held](QAction* action, const QString& why) {
    action->setToolTip(withKeys(held ? why : action->whatsThis(), action->shortcut()));
  };
  for (auto* action : {pause, resume, stop})
    tell(action, tr("Another process trains this run: it is paused, stopped and resumed there"));
  tell(start, tr("Start a new training with these settings; the run that is shown goes on"));
}

QToolButton* Actions::makeMenuButton(const Menu& menu) const {
  auto* list = new QMenu(window_);
  list->addActions(menu.actions);
  auto* button = new QToolButton;
  button->setObjectName(menu.name);
  button->setProperty("role", "menu");
  button->setText(menu.text);
  if (menu.icon != nullptr) button->setIcon(themedIcon(menu.icon));
  button->setToolButtonStyle(menu.icon != nullptr ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonTextOnly);
  button->setToolTip(menu.tip);
  button->setMenu(list);
  button->setPopupMode(QToolButton::InstantPopup);
  return button;
}

void Actions::fill(QToolBar& bar) const {
  bar.addAction(open);
  bar.addSeparator();
  bar.addActions({start, pause, resume, stop});
  bar.addSeparator();
  bar.addAction(screenshot);
  bar.addWidget(makeMenuButton({"exportMenu",
                                tr("Export"),
                                "export",
                                tr("Export the trained model, or organs as surfaces"),
                                {export_model, export_reference, export_prediction}}));
  bar.addSeparator();
  bar.addActions({undo, redo});
  bar.addSeparator();
  bar.addWidget(makeMenuButton(
      {"helpMenu", tr("Help"), nullptr, tr("A tour of three steps, and all keys"), {tour, keyboard}}));
  for (auto* action : {undo, redo})
    if (auto* button = qobject_cast<QToolButton*>(bar.widgetForAction(action)))
      button->setToolButtonStyle(Qt::ToolButtonIconOnly);
}

void Actions::setCompact(QToolBar& bar, bool compact) const {
  for (auto* widget : {bar.widgetForAction(screenshot), bar.findChild<QWidget*>("exportMenu")})
    if (auto* button = qobject_cast<QToolButton*>(widget))
      button->setToolButtonStyle(compact ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
}

}  // namespace rind::workbench
