#pragma once

#include <mutex>
#include <thread>

namespace rind::app {

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
