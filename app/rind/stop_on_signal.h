#pragma once

#include <mutex>
#include <thread>

namespace rind::app {

/// From here on SIGINT (Ctrl-C) and SIGTERM are counted, those of before too; the second ends the process at
/// once with status 3.
void countSignals();
int signalsSoFar();

/// Ctrl-C (or SIGTERM) while it lives. Work that asks `wanted()` between its pieces stops by itself; where a
/// piece takes longer than 0.7 s the process ends with status 3, but not while somebody holds `writing`.
/// One at a time.
class StopOnSignal {
 public:
  StopOnSignal();
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  static bool wanted();

  std::mutex writing;

 private:
  std::jthread watcher_;
};

}  // namespace rind::app
