#include "rind/inference/sliding_window.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "rind/core/error.h"

namespace rind::inference {
namespace {

using core::Extent3;
using core::InputError;

/// Logits that depend on a voxel's neighbourhood and on where it lies in the window: windows disagree where
/// they meet.
at::Tensor positional(const at::Tensor& x) {
  const auto shifted = at::roll(x, 1, 4);
  const auto ramp = at::arange(x.size(4), at::kFloat).view({1, 1, 1, 1, -1}) * 0.3f +
                    at::arange(x.size(2), at::kFloat).view({1, 1, -1, 1, 1}) * 0.2f;
  return at::cat({x, shifted + 0.1f * ramp, -x + at::sin(ramp)}, 1);
}

std::vector<float> voxelsOf(const Extent3& size) {
  std::vector<float> voxels(static_cast<std::size_t>(size.voxels()));
  for (std::size_t i = 0; i < voxels.size(); ++i) voxels[i] = std::sin(static_cast<float>(i * i % 1009));
  return voxels;
}

/// Starts as the definition has them, one axis at a time.
std::vector<std::int64_t> startsOf(std::int64_t extent, std::int64_t window, std::int64_t step) {
  std::vector<std::int64_t> starts;
  for (std::int64_t start = 0;; start += step) {
    starts.push_back(std::min(start, extent - window));
    if (start + window >= extent) return starts;
  }
}

double weightAt(std::int64_t i, std::int64_t window) {
  const double d = static_cast<double>(i) - static_cast<double>(window - 1) / 2,
               sigma = static_cast<double>(window) / 8;
  return std::exp(-d * d / (2 * sigma * sigma));
}

/// Σ w·logits / Σ w over all windows, voxel by voxel in float64; for images at least as large as the window.
at::Tensor bruteForce(const std::vector<float>& voxels, const Extent3& size, const Extent3& window,
                      const Extent3& step) {
  auto image = at::from_blob(const_cast<float*>(voxels.data()), {1, 1, size.z, size.y, size.x}, at::kFloat);
  auto sums = at::zeros({3, size.z, size.y, size.x}, at::kDouble);
  auto weights = at::zeros({size.z, size.y, size.x}, at::kDouble);
  auto s = sums.accessor<double, 4>();
  auto w = weights.accessor<double, 3>();
  for (const auto z0 : startsOf(size.z, window.z, step.z))
    for (const auto y0 : startsOf(size.y, window.y, step.y))
      for (const auto x0 : startsOf(size.x, window.x, step.x)) {
        const auto part = image.narrow(2, z0, window.z).narrow(3, y0, window.y).narrow(4, x0, window.x);
        const auto logits = positional(part)[0].contiguous();
        const auto l = logits.accessor<float, 4>();
        for (std::int64_t v = 0; v < window.voxels(); ++v) {
          const auto z = v / (window.y * window.x), y = v / window.x % window.y, x = v % window.x;
          const double weight =
              std::max(weightAt(z, window.z) * weightAt(y, window.y) * weightAt(x, window.x), 1e-3);
          w[z0 + z][y0 + y][x0 + x] += weight;
          for (int c = 0; c < 3; ++c) s[c][z0 + z][y0 + y][x0 + x] += weight * l[c][z][y][x];
        }
      }
  return sums / weights;
}

/// Labels and probabilities as predictLabels gives them.
struct Result {
  core::LabelVolume labels;
  at::Tensor probabilities;
};

Result predict(const std::vector<float>& voxels, const Extent3& size, const SlidingWindow& settings) {
  std::vector<at::Tensor> slabs;
  std::int64_t next = 0;
  Watch watch;
  watch.probabilities = [&](std::int64_t z, const at::Tensor& slab) {
    EXPECT_EQ(z, next);
    next += slab.size(1);
    slabs.push_back(slab);
  };
  auto labels = predictLabels(positional, {voxels.data(), 1, size}, 3, settings, watch);
  return {std::move(labels), at::cat(slabs, 1)};
}

at::Tensor tensorOf(const core::LabelVolume& labels) {
  return at::tensor(at::ArrayRef<std::uint8_t>(labels.voxels))
      .view({labels.size.z, labels.size.y, labels.size.x});
}

TEST(SlidingWindow, EqualsTheGaussianAverageOfAllWindows) {
  struct Case {
    Extent3 size, window;
    double overlap;
    Extent3 step;
  };
  for (const auto& c :
       {Case{{11, 9, 13}, {4, 5, 6}, 0.5, {2, 2, 3}}, Case{{8, 8, 8}, {4, 4, 4}, 0, {4, 4, 4}},
        Case{{7, 9, 10}, {7, 4, 5}, 0.7, {2, 1, 1}}, Case{{1, 12, 9}, {1, 8, 8}, 0.25, {1, 6, 6}}}) {
    const auto voxels = voxelsOf(c.size);
    const auto expected = bruteForce(voxels, c.size, c.window, c.step);
    for (const int batch : {1, 3}) {
      const auto got = predict(voxels, c.size, {.window = c.window, .overlap = c.overlap, .batch = batch});
      EXPECT_TRUE(at::allclose(got.probabilities, at::softmax(expected, 0).to(at::kFloat), 1e-4, 1e-6));
      EXPECT_TRUE(at::equal(tensorOf(got.labels), expected.argmax(0).to(at::kByte)));
    }
  }
}

TEST(SlidingWindow, EqualsTheNetworkWhereOneWindowFits) {
  const Extent3 size{5, 6, 7};
  const auto voxels = voxelsOf(size);
  const auto got = predict(voxels, size, {.window = size});
  auto image = at::from_blob(const_cast<float*>(voxels.data()), {1, 1, 5, 6, 7}, at::kFloat);
  EXPECT_TRUE(at::equal(tensorOf(got.labels), positional(image)[0].argmax(0).to(at::kByte)));
}

TEST(SlidingWindow, PadsASmallImageWithZerosOnBothSides) {
  const Extent3 size{3, 6, 4};
  const auto voxels = voxelsOf(size);
  const auto got = predict(voxels, size, {.window = {8, 8, 8}});
  auto image = at::from_blob(const_cast<float*>(voxels.data()), {1, 1, 3, 6, 4}, at::kFloat);
  const auto padded = at::constant_pad_nd(image, {2, 2, 1, 1, 2, 3});
  const auto expected = positional(padded)[0].narrow(1, 2, 3).narrow(2, 1, 6).narrow(3, 2, 4);
  EXPECT_TRUE(at::equal(tensorOf(got.labels), expected.argmax(0).to(at::kByte)));
  EXPECT_TRUE(at::allclose(got.probabilities, at::softmax(expected, 0), 1e-4, 1e-6));
}

TEST(SlidingWindow, MirroringAsksTheNetworkForEveryMirrorImageAndAveragesThem) {
  const Extent3 size{1, 6, 8};
  const auto voxels = voxelsOf(size);
  auto image = at::from_blob(const_cast<float*>(voxels.data()), {1, 1, 1, 6, 8}, at::kFloat);
  at::Tensor expected = at::zeros({3, 1, 6, 8});
  for (const std::vector<std::int64_t>& dims : std::vector<std::vector<std::int64_t>>{{}, {3}, {4}, {3, 4}})
    expected += at::flip(positional(at::flip(image, dims)), dims)[0] / 4;
  const auto labels =
      predictLabels(positional, {voxels.data(), 1, size}, 3, {.window = size, .mirror = true});
  EXPECT_TRUE(at::equal(tensorOf(labels), expected.argmax(0).to(at::kByte)));
}

TEST(SlidingWindow, ReportsProgressToTheEndAndStopsWhenAsked) {
  const Extent3 size{8, 8, 8};
  const auto voxels = voxelsOf(size);
  std::vector<double> shares;
  Watch watch;
  watch.progress = [&](double share) { shares.push_back(share); };
  predictLabels(positional, {voxels.data(), 1, size}, 3, {.window = {4, 4, 4}, .overlap = 0}, watch);
  EXPECT_EQ(shares.size(), 8U);
  EXPECT_DOUBLE_EQ(shares.back(), 1);
  watch.cancelled = [&] { return shares.size() >= 10; };
  EXPECT_THROW(predictLabels(positional, {voxels.data(), 1, size}, 3, {.window = {4, 4, 4}}, watch),
               core::Interrupted);
  EXPECT_EQ(shares.size(), 10U);
}

TEST(SlidingWindow, RefusesWhatItCannotPredict) {
  auto voxels = voxelsOf({4, 4, 4});
  const ImageView image{voxels.data(), 1, {4, 4, 4}};
  EXPECT_THROW(predictLabels(positional, image, 3, {.window = {4, 4, 4}, .overlap = 1}), InputError);
  EXPECT_THROW(predictLabels(positional, image, 3, {.window = {0, 4, 4}}), InputError);
  EXPECT_THROW(predictLabels(positional, image, 4, {.window = {4, 4, 4}}),
               InputError);  // the network has three
  voxels[5] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(predictLabels(positional, image, 3, {.window = {4, 4, 4}}), InputError);
}

}  // namespace
}  // namespace rind::inference
