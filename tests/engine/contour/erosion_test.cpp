#include <gtest/gtest.h>

#include <vector>

#include "random_labels.h"
#include "rind/contour/adaptive_thickness.h"
#include "rind/contour/band.h"
#include "rind/contour/depth_map.h"

namespace rind::contour {
namespace {

using Mask = core::Volume<std::uint8_t>;

/// Erosion along one axis by `radius`: what lies outside the volume is outside the mask, or left out of
/// account.
void erodeAlong(Mask& mask, const core::Index3& step, std::int64_t extent, int radius, core::Border border) {
  if (extent == 1) return;
  const Mask before = mask;
  const auto& size = mask.size;
  for (std::int64_t z = 0; z < size.z; ++z)
    for (std::int64_t y = 0; y < size.y; ++y)
      for (std::int64_t x = 0; x < size.x; ++x)
        for (int k = -radius; k <= radius; ++k) {
          const core::Index3 at = {z + k * step.z, y + k * step.y, x + k * step.x};
          const bool inside =
              at.z >= 0 && at.y >= 0 && at.x >= 0 && at.z < size.z && at.y < size.y && at.x < size.x;
          if (inside ? !before[at] : border == core::Border::zero) mask[{z, y, x}] = 0;
        }
}

/// Eq. 1 taken at its word: C_j = G_j − (G_j ⊖ k) with n erosions by an s-cube, class by class.
std::vector<std::uint8_t> bandByErosion(const core::LabelVolume& labels,
                                        const core::ContourSettings& settings, int classes) {
  std::vector<std::uint8_t> band(labels.voxels.size());
  for (int j = settings.include_background ? 0 : 1; j < classes; ++j) {
    Mask mask(labels.size);
    for (std::size_t i = 0; i < band.size(); ++i) mask.voxels[i] = labels.voxels[i] == j;
    const int radius = (settings.kernel - 1) / 2;
    for (int n = 0; n < settings.iterations; ++n) {
      erodeAlong(mask, {1, 0, 0}, labels.size.z, radius, settings.border);
      erodeAlong(mask, {0, 1, 0}, labels.size.y, radius, settings.border);
      erodeAlong(mask, {0, 0, 1}, labels.size.x, radius, settings.border);
    }
    for (std::size_t i = 0; i < band.size(); ++i) band[i] |= labels.voxels[i] == j && !mask.voxels[i];
  }
  return band;
}

std::vector<std::uint8_t> bandByDepth(const core::LabelVolume& labels, const core::ContourSettings& settings,
                                      int classes) {
  const int cap = std::max(1, settings.thickness());
  const core::DepthVolume depth = depthMap(labels, cap, settings.border);
  std::vector<std::uint8_t> band(labels.voxels.size());
  bandMask(labels, depth, std::vector<int>(static_cast<std::size_t>(classes), settings.thickness()),
           settings.include_background, band.data());
  return band;
}

std::vector<std::uint8_t> bandStraight(const core::LabelVolume& labels,
                                       const core::ContourSettings& settings) {
  std::vector<std::uint8_t> band(labels.voxels.size());
  bandMask(labels, settings.thickness(), settings.border, settings.include_background, band.data());
  return band;
}

TEST(Band, EqualsIteratedErosionClassByClass) {
  struct Case {
    int iterations, kernel;
  };
  std::uint32_t sample = 0;
  for (const auto& shape : test::awkwardShapes())
    for (const Case& c :
         {Case{1, 3}, Case{3, 3}, Case{6, 3}, Case{2, 5}, Case{1, 7}, Case{14, 3}, Case{2, 1}})
      for (const auto border : {core::Border::zero, core::Border::replicate}) {
        const auto labels = test::randomLabels(shape, sample++);
        core::ContourSettings settings;
        settings.iterations = c.iterations;
        settings.kernel = c.kernel;
        settings.border = border;
        settings.include_background = sample % 2 == 0;
        const auto expected = bandByErosion(labels, settings, 6);
        const std::string which = core::toString(shape) + " n " + std::to_string(c.iterations) + " s " +
                                  std::to_string(c.kernel) + " " + core::toString(border);
        EXPECT_EQ(bandByDepth(labels, settings, 6), expected) << which;
        EXPECT_EQ(bandStraight(labels, settings), expected) << which;
      }
}

TEST(Band, OfOneClassAloneLeavesOutTheOthers) {
  const auto labels = test::randomLabels({10, 12, 14}, 3);
  const auto depth = depthMap(labels, 6, core::Border::zero);
  std::vector<std::uint8_t> band(labels.voxels.size());
  bandMask(labels, depth, {0, 0, 2}, true, band.data());
  for (std::size_t i = 0; i < band.size(); ++i)
    EXPECT_EQ(band[i], labels.voxels[i] == 2 && depth.voxels[i] <= 2);
}

TEST(Band, TakesTheLimitOfEachOf256Classes) {
  core::LabelVolume labels({3, 41, 67});
  core::DepthVolume depth(labels.size);
  core::RandomStream random(9, core::Purpose::phantom, 0, 0);
  for (std::size_t i = 0; i < labels.voxels.size(); ++i) {
    labels.voxels[i] = static_cast<std::uint8_t>(random.below(256));
    depth.voxels[i] = static_cast<std::uint8_t>(1 + random.below(255));
  }
  for (const int classes : {1, 2, 15, 16, 17, 100, 256}) {
    std::vector<int> thickness;
    for (int j = 0; j < classes; ++j) thickness.push_back(static_cast<int>(random.below(300)));
    std::vector<std::uint8_t> band(labels.voxels.size());
    bandMask(labels, depth, thickness, true, band.data());
    for (std::size_t i = 0; i < band.size(); ++i) {
      const int j = labels.voxels[i];
      const int limit = j < classes ? std::min(thickness[static_cast<std::size_t>(j)], 254) : 0;
      ASSERT_EQ(band[i], depth.voxels[i] <= limit) << "class " << j << " of " << classes;
    }
  }
}

}  // namespace
}  // namespace rind::contour
