#include "rind/networks/layers.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/generated/variable_factories.h>

#include <limits>

namespace rind::networks {
namespace {

struct Shape {
  std::array<std::int64_t, 3> image;
  std::int64_t kernel;
  ConvolutionSteps steps;
};

/// Freed memory full of NaN, so that reading what was never written shows.
void poisonMemory() {
  std::vector<at::Tensor> blocks;
  for (const std::int64_t size : {100, 1000, 5000, 20000, 100000, 500000})
    blocks.push_back(at::full({size}, std::numeric_limits<float>::quiet_NaN()));
}

double relativeError(const at::Tensor& value, const at::Tensor& exact) {
  return ((value.to(at::kDouble) - exact).abs().max() / exact.abs().max()).item<double>();
}

class Bf16Convolution : public testing::TestWithParam<Shape> {};

TEST_P(Bf16Convolution, OutputAndWeightGradientAreNearTheExactOnes) {
  const auto& [size, kernel, steps] = GetParam();
  at::manual_seed(5);
  const auto x = at::randn({1, 16, size[0], size[1], size[2]})
                     .to(at::kBFloat16)
                     .to(at::kFloat)
                     .contiguous(at::MemoryFormat::ChannelsLast3d);
  const auto initial = (at::randn({16, 16, kernel, kernel, kernel}) * 0.05).to(at::kBFloat16).to(at::kFloat);

  auto exact_weight = initial.to(at::kDouble).set_requires_grad(true);
  const auto exact = convolve(x.to(at::kDouble), exact_weight, {}, steps);
  const auto slope = at::randn_like(exact).to(at::kBFloat16);
  exact.backward(slope.to(at::kDouble));

  const int threads_before = at::get_num_threads();
  for (const int threads : {2, 1, 2, 1}) {
    at::set_num_threads(threads);
    poisonMemory();
    auto weight = initial.clone(at::MemoryFormat::ChannelsLast3d).set_requires_grad(true);
    at::autocast::set_autocast_enabled(at::kCPU, true);
    at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
    const auto y = convolve(x, weight, {}, steps);
    EXPECT_TRUE(at::autocast::is_autocast_enabled(at::kCPU));
    at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(at::kCPU, false);
    y.backward(slope.to(y.scalar_type()));
    EXPECT_LT(relativeError(y.detach(), exact.detach()), 0.01);
    EXPECT_LT(relativeError(weight.grad(), exact_weight.grad()), 0.01);
  }
  at::set_num_threads(threads_before);
}

constexpr ConvolutionSteps padded(std::int64_t padding, std::int64_t stride = 1) {
  return {{stride, stride, stride}, {padding, padding, padding}, 1};
}

INSTANTIATE_TEST_SUITE_P(Shapes, Bf16Convolution,
                         testing::Values(Shape{{2, 2, 2}, 3, padded(1)}, Shape{{2, 5, 6}, 3, padded(1)},
                                         Shape{{8, 1, 8}, 3, padded(1, 2)}, Shape{{8, 8, 1}, 3, padded(1, 2)},
                                         Shape{{3, 3, 3}, 3, padded(1)}, Shape{{2, 8, 8}, 5, padded(2)},
                                         Shape{{4, 8, 8}, 5, padded(2)}, Shape{{8, 1, 8}, 5, padded(2)},
                                         Shape{{5, 8, 8}, 5, padded(2)}, Shape{{5, 8, 8}, 7, padded(3, 2)},
                                         Shape{{8, 2, 8}, 7, padded(3, 2)}, Shape{{8, 8, 8}, 7, padded(3, 2)},
                                         Shape{{16, 16, 16}, 16, padded(0, 16)},
                                         Shape{{32, 16, 16}, 16, padded(0, 16)},
                                         Shape{{2, 2, 2}, 2, padded(0, 2)},
                                         Shape{{4, 6, 8}, 2, padded(0, 2)}));

}  // namespace
}  // namespace rind::networks
