#pragma once

#include <c10/core/Allocator.h>

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <utility>

namespace rind::training {

/// Counts the bytes that LibTorch holds on the processor, while it is a thread's profiler
/// (c10::DebugInfoGuard with DebugInfoKind::PROFILER_STATE). What was allocated before must not be freed
/// meanwhile: LibTorch would complain of a block it does not know.
class AllocationCount : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void*, std::int64_t bytes, std::size_t, std::size_t, c10::Device) override {
    const std::lock_guard lock(mutex_);
    held_ += bytes;
    most_ = std::max(most_, held_);
  }
  bool memoryProfilingEnabled() const override { return true; }

  double held() const {
    const std::lock_guard lock(mutex_);
    return static_cast<double>(held_);
  }
  /// The most since the last call.
  double takeMost() {
    const std::lock_guard lock(mutex_);
    return static_cast<double>(std::exchange(most_, held_));
  }

 private:
  mutable std::mutex mutex_;
  std::int64_t held_ = 0, most_ = 0;
};

}  // namespace rind::training
