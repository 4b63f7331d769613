// DWCE's weight map against the oracles and against distances to every border voxel.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "loss_case.h"
#include "rind/core/random.h"
#include "rind/test_support/shared_data.h"

namespace rind::losses::testing {
namespace {

core::LabelVolume blobs(const core::Extent3& size, int classes, std::uint64_t seed) {
  core::RandomStream random(seed, core::Purpose::phantom, 0, 0);
  core::LabelVolume labels(size);
  for (int j = 1; j < classes; ++j) {
    const auto below = [&](std::int64_t extent) {
      return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(extent)));
    };
    const core::Index3 low{below(size.z), below(size.y), below(size.x)};
    core::Index3 at;
    for (at.z = low.z; at.z < std::min(size.z, low.z + 5); ++at.z)
      for (at.y = low.y; at.y < std::min(size.y, low.y + 6); ++at.y)
        for (at.x = low.x; at.x < std::min(size.x, low.x + 9); ++at.x)
          labels[at] = static_cast<std::uint8_t>(j);
  }
  return labels;
}

bool onBorder(const core::LabelVolume& labels, const core::Index3& at) {
  for (std::int64_t z = std::max<std::int64_t>(at.z - 1, 0); z < std::min(labels.size.z, at.z + 2); ++z)
    for (std::int64_t y = std::max<std::int64_t>(at.y - 1, 0); y < std::min(labels.size.y, at.y + 2); ++y)
      for (std::int64_t x = std::max<std::int64_t>(at.x - 1, 0); x < std::min(labels.size.x, at.x + 2); ++x)
        if (labels[{z, y, x}] != labels[at]) return true;
  return false;
}

template <class Visit>
void forEachVoxel(const core::Extent3& size, const Visit& visit) {
  for (std::int64_t z = 0; z < size.z; ++z)
    for (std::int64_t y = 0; y < size.y; ++y)
      for (std::int64_t x = 0; x < size.x; ++x) visit(core::Index3{z, y, x});
}

/// The definition, distance by distance.
double expectedWeight(const core::LabelVolume& labels, const std::vector<core::Index3>& borders,
                      const core::Index3& at, int classes, double w0, double sigma) {
  constexpr double kNone = 1e300;
  std::vector<double> nearest(static_cast<std::size_t>(classes), kNone);
  for (const core::Index3& border : borders) {
    const auto square = [](std::int64_t d) { return static_cast<double>(d * d); };
    double& d = nearest[labels[border]];
    d = std::min(d, square(at.z - border.z) + square(at.y - border.y) + square(at.x - border.x));
  }
  std::sort(nearest.begin() + 1, nearest.end());
  if (nearest[1] == kNone) return 1;
  const double second = classes > 2 && nearest[2] != kNone ? std::sqrt(nearest[2]) : 0;
  const double distance = std::sqrt(nearest[1]) + second;
  return 1 + w0 * std::exp(-distance * distance / (2 * sigma * sigma));
}

void expectDefinition(const core::LabelVolume& labels, int classes, double w0, double sigma) {
  std::vector<core::Index3> borders;
  forEachVoxel(labels.size, [&](const core::Index3& at) {
    if (labels[at] > 0 && onBorder(labels, at)) borders.push_back(at);
  });
  const auto exact = distanceWeights<double>(labels, classes, w0, sigma);
  const auto single = distanceWeights<float>(labels, classes, w0, sigma);
  forEachVoxel(labels.size, [&](const core::Index3& at) {
    const double expected = expectedWeight(labels, borders, at, classes, w0, sigma);
    ASSERT_NEAR(exact[at], expected, 1e-13 * expected);
    ASSERT_NEAR(single[at], expected, 1e-7 * expected);
  });
}

TEST(DistanceWeights, FollowTheDefinitionOnRandomVolumes) {
  expectDefinition(blobs({9, 17, 70}, 5, 1), 5, 10, 5);
  expectDefinition(blobs({1, 40, 33}, 4, 2), 4, 10, 1);  // a plane; σ so small that distances end within it
  expectDefinition(blobs({12, 21, 19}, 2, 3), 2, 4, 2);  // one foreground class: d₁ alone
  expectDefinition(blobs({30, 7, 18}, 9, 4), 9, 0.5, 50);
}

TEST(DistanceWeights, AreOneWithoutAForegroundBorder) {
  expectDefinition(core::LabelVolume({3, 4, 5}, 0), 3, 10, 5);
  expectDefinition(core::LabelVolume({3, 4, 5}, 2), 3, 10, 5);
}

TEST(DistanceWeights, EqualTheOracles) {
  RIND_REQUIRE_SHARED("oracles/loss");
  struct Map {
    const char* file;
    double w0, sigma;
  };
  int compared = 0;
  for (const auto& folder : test_support::oracleCases("loss")) {
    const at::Tensor labels = readTensor(folder / "labels.npy");
    for (const Map& map : {Map{"weight_w10_s5.npy", 10, 5}, Map{"weight_w4_s2.npy", 4, 2}}) {
      if (!std::filesystem::exists(folder / map.file)) continue;
      const at::Tensor expected = readTensor(folder / map.file);
      const core::Extent3 size{labels.size(1), labels.size(2), labels.size(3)};
      for (std::int64_t sample = 0; sample < labels.size(0); ++sample) {
        const auto classes = static_cast<int>(readTensor(folder / "logits.npy").size(1));
        const auto got = distanceWeights<double>({size, labels[sample].const_data_ptr<std::uint8_t>()},
                                                 classes, map.w0, map.sigma);
        const double* want = expected[sample].const_data_ptr<double>();
        for (std::size_t i = 0; i < got.voxels.size(); ++i)
          ASSERT_NEAR(got.voxels[i], want[i], 1e-12) << folder;
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 12);
}

}  // namespace
}  // namespace rind::losses::testing
