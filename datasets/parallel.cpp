#include "rind/datasets/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace rind::datasets {
namespace {

/// The failure of the lowest index.
struct Failure {
  std::mutex mutex;
  std::size_t index = 0;
  std::exception_ptr what;

  void keep(std::size_t at, std::exception_ptr thrown) {
    const std::lock_guard lock(mutex);
    if (what && index < at) return;
    what = std::move(thrown);
    index = at;
  }
};

}  // namespace

void forEachInParallel(std::size_t count, int threads, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  Failure failure;
  const auto run = [&] {
    for (std::size_t i = next++; i < count && !failed; i = next++) {
      try {
        work(i);
      } catch (...) {
        failed = true;
        failure.keep(i, std::current_exception());
      }
    }
  };
  const std::size_t wanted =
      threads > 0 ? static_cast<std::size_t>(threads) : std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::jthread> others;
  for (std::size_t t = 1; t < std::min(wanted, count); ++t) others.emplace_back(run);
  run();
  others.clear();  // joins
  if (failure.what) std::rethrow_exception(failure.what);
}

}  // namespace rind::datasets
