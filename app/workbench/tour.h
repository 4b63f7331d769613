#pragma once

#include <QObject>
#include <QPointer>
#include <array>

#include "rind/workbench/session.h"
#include "rind/workbench/tour_card.h"

namespace rind::workbench {

/// Three steps through the window, on whatever is open or else on the phantom: move the slider of the
/// erosions, start a training, change λ while it runs. A step is ticked when it is done, and none has to be.
class Tour : public QObject {
  Q_OBJECT

 public:
  /// `window` has the controls of which it speaks.
  Tour(Session& session, QWidget& window);

  void start();
  void end();
  bool isOpen() const { return card_ != nullptr; }

  /// Starts it unless it has been shown to this user before.
  void startOnce();

 private:
  static constexpr int kSteps = 3;
  void show(int step);
  void tick(int step);

  Session& session_;
  QWidget& window_;
  QPointer<TourCard> card_;
  std::array<bool, kSteps> done_{};
  int step_ = 0;
};

}  // namespace rind::workbench
