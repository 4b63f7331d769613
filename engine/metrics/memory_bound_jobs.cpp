#include "rind/metrics/memory_bound_jobs.h"

#include <algorithm>
#include <atomic>
#include <exception>

namespace rind::metrics {

int jobsAtATime(std::vector<double> bytes, double available, int threads) {
  std::sort(bytes.begin(), bytes.end(), std::greater<>());
  int jobs = 0;
  double needed = 0;
  for (const double one : bytes) {
    needed += one;
    if (needed > available || jobs == threads) break;
    ++jobs;
  }
  return std::max(jobs, 1);
}

void forEachJob(std::size_t count, int threads, const std::function<void(std::size_t)>& job) {
  std::atomic<bool> failed = false;
  std::exception_ptr failure;  // an exception must not leave the parallel region: the process would end
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (threads > 1)
  for (std::size_t i = 0; i < count; ++i) {
    if (failed) continue;
    try {
      job(i);
    } catch (...) {
      if (!failed.exchange(true)) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace rind::metrics
