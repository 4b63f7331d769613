// Maps and bands as each instruction set computes them: those of the best one are proven by the other tests.
#include "rind/test_support/instruction_sets.h"

#include <gtest/gtest.h>

#include "random_labels.h"
#include "rind/contour/band.h"
#include "rind/contour/depth_map.h"

namespace rind::contour {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Results {
  Bytes near, far, band, straight_band;
  std::vector<std::int16_t> exact;
};

Results resultsOf(const core::LabelVolume& labels, int thickness, core::Border border) {
  Results results;
  const auto depth = depthMap(labels, thickness, border);
  results.near = depth.voxels;
  results.far = depthMap(labels, kLargestCap, border).voxels;
  results.exact = exactDepthMap(labels, border).voxels;
  results.band = results.straight_band = Bytes(labels.voxels.size());
  bandMask(labels, depth, std::vector<int>(20, thickness), true, results.band.data());
  bandMask(labels, thickness, border, false, results.straight_band.data());
  return results;
}

TEST(InstructionSets, AllGiveTheSameMapsAndBands) {
  std::uint32_t sample = 300;
  for (const auto& shape : test::awkwardShapes())
    for (const auto border : {core::Border::zero, core::Border::replicate}) {
      const int thickness = 1 + static_cast<int>(sample % 9);
      const auto labels = test::randomLabels(shape, sample++, 20);
      const Results best = resultsOf(labels, thickness, border);
      test_support::withEachInstructionSet([&] {
        const Results results = resultsOf(labels, thickness, border);
        EXPECT_EQ(results.near, best.near) << core::toString(shape) << ", " << thickness;
        EXPECT_EQ(results.far, best.far) << core::toString(shape);
        EXPECT_EQ(results.exact, best.exact) << core::toString(shape);
        EXPECT_EQ(results.band, best.band) << core::toString(shape) << ", " << thickness;
        EXPECT_EQ(results.straight_band, best.straight_band) << core::toString(shape) << ", " << thickness;
      });
    }
}

}  // namespace
}  // namespace rind::contour
