#pragma once

#include <QAction>
#include <QToolBar>
#include <QToolButton>

namespace rind::workbench {

/// What the tool bar offers and the keyboard reaches; who does it is the window's business.
class Actions : public QObject {
  Q_OBJECT

 public:
  explicit Actions(QWidget* window);

  void fill(QToolBar& bar) const;
  /// Says in the tooltips why a run that another process trains is not steered from here.
  void setHeld(bool held);
  /// Whether what is not about the training shows its icon alone in `bar`.
  void setCompact(QToolBar& bar, bool compact) const;

  QAction* open;
  QAction* start;
  QAction* pause;
  QAction* resume;
  QAction* stop;
  QAction* screenshot;
  QAction* export_model;
  QAction* export_reference;
  QAction* export_prediction;
  QAction* undo;
  QAction* redo;
  QAction* next_case;
  QAction* previous_case;
  QAction* tour;
  QAction* keyboard;

 private:
  struct Text {
    QString text;
    const char* name;
    const char* icon;
    QKeySequence keys;
    QString tip;
    QString group;  // its heading in the keyboard sheet
  };
  QAction* make(const Text& text);
  struct Menu {
    const char* name;
    QString text;
    const char* icon;
    QString tip;
    QList<QAction*> actions;
  };
  QToolButton* makeMenuButton(const Menu& menu) const;

  QWidget* window_;
};

}  // namespace rind::workbench
