#include "rind/metrics/class_score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>

#include "rind/core/error.h"
#include "rind/core/random.h"
#include "rind/metrics/nearest_distance.h"

namespace rind::metrics {
namespace {

/// A box of `label` from `from` up to, not including, `to`.
void paint(core::LabelVolume& labels, const core::Index3& from, const core::Index3& to, std::uint8_t label) {
  for (std::int64_t z = from.z; z < to.z; ++z)
    for (std::int64_t y = from.y; y < to.y; ++y)
      for (std::int64_t x = from.x; x < to.x; ++x) labels[{z, y, x}] = label;
}

core::LabelVolume randomLabels(const core::Extent3& size, std::uint32_t sample) {
  core::RandomStream random(5, core::Purpose::phantom, 0, sample);
  core::LabelVolume labels(size);
  for (int box = 0; box < 10; ++box) {
    const auto below = [&](std::int64_t n) {
      return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(n)));
    };
    const core::Index3 from = {below(size.z), below(size.y), below(size.x)};
    paint(labels, from,
          {from.z + below(size.z - from.z) + 1, from.y + below(size.y - from.y) + 1,
           size.x - below(size.x - from.x)},
          static_cast<std::uint8_t>(box % 5));
  }
  return labels;
}

TEST(Score, OfACubeMovedByTwoMillimetres) {
  core::LabelVolume reference({12, 12, 12}), prediction({12, 12, 12});
  paint(reference, {3, 3, 3}, {7, 7, 7}, 1);
  paint(prediction, {4, 3, 3}, {8, 7, 7}, 1);
  ScoreSettings settings;
  settings.tolerances = {1.9, 2.0};
  const auto scores = score(reference, prediction, {2, 1, 1}, 2, settings);
  ASSERT_EQ(scores.size(), 1u);
  EXPECT_EQ(scores[0].true_positives, 48u);
  EXPECT_EQ(scores[0].false_positives, 16u);
  EXPECT_DOUBLE_EQ(scores[0].dsc, 0.75);
  EXPECT_DOUBLE_EQ(scores[0].hd95, 2.0);
  EXPECT_DOUBLE_EQ(scores[0].hd100, 2.0);
  EXPECT_DOUBLE_EQ(scores[0].nsd[1], 1.0);
  EXPECT_LT(scores[0].nsd[0], 1.0);
}

TEST(Score, TakesOneToleranceForEachClass) {
  core::LabelVolume reference({10, 10, 10}), prediction({10, 10, 10});
  paint(reference, {2, 2, 2}, {5, 5, 5}, 1);
  paint(prediction, {3, 2, 2}, {6, 5, 5}, 1);
  paint(reference, {6, 6, 6}, {9, 9, 8}, 2);
  paint(prediction, {6, 6, 7}, {9, 9, 9}, 2);
  ScoreSettings settings;
  settings.tolerance_per_class = {0, 0.5, 1};
  const auto scores = score(reference, prediction, {1, 1, 1}, 3, settings);
  ASSERT_EQ(scores[0].nsd.size(), 1u);
  EXPECT_LT(scores[0].nsd[0], 1.0);
  EXPECT_DOUBLE_EQ(scores[1].nsd[0], 1.0);
  settings.tolerance_per_class = {0, 0.5};
  EXPECT_THROW((void)score(reference, prediction, {1, 1, 1}, 3, settings), core::InputError);
}

TEST(Score, DoesNotDependOnTheNumberOfThreads) {
  const int before = omp_get_max_threads();
  const auto reference = randomLabels({23, 51, 64}, 1), prediction = randomLabels({23, 51, 64}, 2);
  for (const Surface surface : {Surface::voxel, Surface::surfel}) {
    ScoreSettings settings;
    settings.surface = surface;
    omp_set_num_threads(1);
    const auto alone = score(reference, prediction, {3, 1, 0.7}, 5, settings);
    for (const int threads : {2, 5}) {
      omp_set_num_threads(threads);
      const auto together = score(reference, prediction, {3, 1, 0.7}, 5, settings);
      for (std::size_t i = 0; i < alone.size(); ++i) {
        ASSERT_TRUE(std::isfinite(alone[i].assd));
        EXPECT_EQ(together[i].assd, alone[i].assd);
        EXPECT_EQ(together[i].hd95, alone[i].hd95);
        EXPECT_EQ(together[i].nsd, alone[i].nsd);
      }
    }
  }
  omp_set_num_threads(before);
}

TEST(NearestDistances, AreThoseOfAllPairs) {
  const core::Spacing s = {2.5, 0.7, 1.1};
  for (std::uint32_t sample = 0; sample < 6; ++sample) {
    const auto a = surfacePoints(randomLabels({9, 31, 40}, sample), 5, Surface::voxel);
    const auto b = surfacePoints(randomLabels({9, 31, 40}, sample + 50), 5, Surface::surfel);
    for (std::size_t j = 1; j < 5; ++j) {
      if (a[j].empty() || b[j].empty()) continue;
      const auto distances = nearestDistances(a[j], b[j], s);
      for (std::size_t i = 0; i < a[j].size(); ++i) {
        double least = INFINITY;
        for (const auto& p : b[j])
          least = std::min(
              least, std::hypot((p.z - a[j][i].z) * s.z, (p.y - a[j][i].y) * s.y, (p.x - a[j][i].x) * s.x));
        ASSERT_NEAR(distances[i], least, 1e-12);
      }
    }
  }
}

TEST(Score, RefusesWhatCannotBeCompared) {
  const core::LabelVolume a({4, 4, 4}), b({4, 4, 5});
  EXPECT_THROW((void)score(a, b, {1, 1, 1}, 2, {}), core::InputError);
  EXPECT_THROW((void)score(a, a, {1, 0, 1}, 2, {}), core::InputError);
  ScoreSettings settings;
  settings.tolerances = {-1};
  EXPECT_THROW((void)score(a, a, {1, 1, 1}, 2, settings), core::InputError);
  EXPECT_THROW((void)parseSurface("face"), core::InputError);
}

}  // namespace
}  // namespace rind::metrics
