#pragma once

#include <QFrame>
#include <QLabel>
#include <QPointer>
#include <QPushButton>

namespace rind::workbench {

/// What the card says: which step of how many, and of what it speaks.
struct TourText {
  QString title;
  QString text;
  int step = 1;
  int steps = 1;
};

/// A card that points at a part of the window and follows it, with a ring around that part. Everything under
/// it goes on working.
class TourCard : public QFrame {
  Q_OBJECT

 public:
  explicit TourCard(QWidget* window);
  ~TourCard() override;

  void say(const TourText& text);
  /// Ticks the step, or not.
  void setDone(bool done);
  /// Points at a child of the window, which is scrolled into sight.
  void pointAt(QWidget* target);

 Q_SIGNALS:
  void back();
  void next();
  void skipped();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void place();

  QPointer<QWidget> target_;
  QWidget* ring_;
  QLabel* count_;
  QLabel* title_;
  QLabel* text_;
  QPushButton* back_;
  QPushButton* next_;
  QPushButton* skip_;
  TourText said_;
  bool beside_ = true;  // the target: to its right, else below it
  int tip_ = 0;         // of the pointer, along that edge
};

}  // namespace rind::workbench
