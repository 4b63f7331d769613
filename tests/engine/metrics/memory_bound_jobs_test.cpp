#include "rind/metrics/memory_bound_jobs.h"

#include <gtest/gtest.h>

#include <atomic>
#include <new>

#include "rind/metrics/nearest_distance.h"

namespace rind::metrics {
namespace {

TEST(MemoryBoundJobs, AsManyRunAtATimeAsFitIntoMemory) {
  EXPECT_EQ(jobsAtATime({2, 8, 2, 4}, 100, 3), 3) << "as many as there are threads";
  EXPECT_EQ(jobsAtATime({2, 8, 2, 4}, 13, 8), 2) << "8 and 4 fit, 2 more do not";
  EXPECT_EQ(jobsAtATime({2, 8, 2, 4}, 12, 8), 2);
  EXPECT_EQ(jobsAtATime({2, 8, 2, 4}, 3, 8), 1) << "one has to be tried";
  EXPECT_EQ(jobsAtATime({}, 3, 8), 1);
}

TEST(MemoryBoundJobs, AJobThatFailsEndsTheOthersNotTheProgram) {
  for (const int threads : {1, 4}) {
    std::atomic<int> begun = 0;
    const auto job = [&](std::size_t i) {
      ++begun;
      if (i == 3) throw std::bad_alloc();
    };
    EXPECT_THROW(forEachJob(100000, threads, job), std::bad_alloc);
    EXPECT_LT(begun, 100000);
  }
}

TEST(MemoryBoundJobs, EveryJobIsDoneOnce) {
  std::vector<int> done(1000);
  forEachJob(done.size(), 4, [&](std::size_t i) { ++done[i]; });
  EXPECT_EQ(done, std::vector<int>(1000, 1));
}

TEST(NearestDistances, SayWhatMemoryTheyNeed) {
  const std::vector<SurfacePoint> from = {{0, 0, 0, 0}, {0, 1, 2, 0}};  // a window of 2x3
  const std::vector<SurfacePoint> to = {{0, 0, 0, 0}, {0, 0, 1, 0}, {1, 0, 0, 0}, {1, 4, 0, 0}};
  // Two planes of the window, two rows of three columns, and a distance and a weight for each of two points.
  EXPECT_DOUBLE_EQ(bytesForDistances(from, to), 8 * (2 * 6 + 2 * 3 + 2 * 2));
  EXPECT_DOUBLE_EQ(bytesForDistances(from, {}), 0);
}

}  // namespace
}  // namespace rind::metrics
