#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace rind::soak {

/// What the window's process is doing, in memory that its watcher sees too.
struct Doing {
  static constexpr std::size_t kRemembered = 12;

  /// Grows with every turn of the event loop.
  std::atomic<std::uint64_t> beats{0};
  /// Of actions begun.
  std::atomic<std::uint64_t> count{0};
  /// Actions by number, the newest at (count − 1) % kRemembered.
  std::array<std::atomic<int>, kRemembered> recent{};

  void begin(int action) {
    recent[count % kRemembered] = action;
    ++count;
  }
};

/// The name of an action, for whoever says what was being done.
const char* nameOf(int action);

}  // namespace rind::soak
