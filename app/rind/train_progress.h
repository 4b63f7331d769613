#pragma once

#include <chrono>
#include <cstdint>

#include "rind/messages/events.h"

namespace rind::app {

/// Writes what a training does to standard error: on a terminal a bar with rate and time left, else a line an
/// epoch.
class TrainProgress {
 public:
  TrainProgress();
  /// Ends the bar's line, so that what is said next has its own.
  ~TrainProgress();
  TrainProgress(const TrainProgress&) = delete;
  TrainProgress& operator=(const TrainProgress&) = delete;
  void show(const messages::Event& event);

 private:
  void bar(const messages::Step& step);
  void line(const std::string& text);

  bool terminal_;
  std::int64_t all_steps_ = 0;
  std::int64_t first_step_ = 0;
  int epochs_ = 0;
  std::chrono::steady_clock::time_point start_;
  bool bar_drawn_ = false;
};

}  // namespace rind::app
