#pragma once

#include <QToolButton>
#include <QWidget>

namespace rind::panels {

/// A heading that shows and hides what is below it; hidden at first.
class Fold : public QWidget {
  Q_OBJECT

 public:
  /// The button is named `name` + "Fold".
  Fold(const QString& name, QWidget* content, QWidget* parent = nullptr);

  void setTitle(const QString& title);

 private:
  QToolButton* button_;
};

}  // namespace rind::panels
