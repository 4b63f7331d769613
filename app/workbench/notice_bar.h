#pragma once

#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <functional>

namespace rind::workbench {

/// The strip under the tool bar: one sentence, perhaps with what can be done about it. Never in the way.
class NoticeBar : public QFrame {
  Q_OBJECT

 public:
  explicit NoticeBar(QWidget* parent = nullptr);

  void say(const QString& text, bool is_error);
  /// Says so with a button that does something about it.
  void offer(const QString& text, const QString& button, std::function<void()> action, bool is_error);

 private:
  QLabel* text_;
  QPushButton* button_;
  std::function<void()> action_;
};

}  // namespace rind::workbench
