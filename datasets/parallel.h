#pragma once

#include <cstddef>
#include <functional>

namespace rind::datasets {

/// Calls `work(i)` for i in [0, count) on up to `threads` threads (0: all processors), in any order. The
/// first exception ends the loop and is thrown again; the one of the lowest index where several are there.
void forEachInParallel(std::size_t count, int threads, const std::function<void(std::size_t)>& work);

}  // namespace rind::datasets
