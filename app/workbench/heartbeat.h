#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <vector>

namespace rind::workbench {

/// How long what happens to a window waits until its event loop hears of it. A beat is due every four
/// milliseconds and counts by itself even where the loop was away for many: as often as an event that comes
/// at any moment would have met it.
class Heartbeat {
 public:
  Heartbeat();
  void start();
  void stop();
  /// Milliseconds that each beat was heard after it was due.
  const std::vector<double>& lateness() const { return lateness_; }

 private:
  void beat();

  QTimer timer_;
  QElapsedTimer clock_;
  double due_ = 0;  // milliseconds of the clock
  std::vector<double> lateness_;
};

}  // namespace rind::workbench
