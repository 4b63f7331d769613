#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace rind::metrics {

/// How many of the jobs may run at a time, at most `threads` and at least one, so that those which need most
/// memory fit into `available` bytes together.
int jobsAtATime(std::vector<double> bytes, double available, int threads);

/// Calls job(i) for i in [0, count), in this order, on `threads` threads. Throws what the first one to fail
/// threw, after those that had begun; the others are left out.
void forEachJob(std::size_t count, int threads, const std::function<void(std::size_t)>& job);

}  // namespace rind::metrics
