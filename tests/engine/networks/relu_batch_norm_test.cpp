#include "rind/networks/relu_batch_norm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <limits>

namespace rind::networks {
namespace {

struct Case {
  std::int64_t channels;
  std::array<std::int64_t, 3> size;
  at::ScalarType type;
};

at::Tensor numbers(at::IntArrayRef shape, double phase) {
  std::int64_t count = 1;
  for (const auto extent : shape) count *= extent;
  return at::sin(at::arange(count, at::kDouble) * 0.7310585 + phase).to(at::kFloat).view(shape) * 3;
}

BatchNormState stateOf(std::int64_t channels) {
  return {numbers({channels}, 0.1) + 1, numbers({channels}, 0.2), numbers({channels}, 0.3),
          numbers({channels}, 0.4).abs() + 0.5};
}

at::Tensor image(const Case& shape, double phase) {
  const auto& s = shape.size;
  return numbers({2, shape.channels, s[0], s[1], s[2]}, phase)
      .to(shape.type)
      .contiguous(at::MemoryFormat::ChannelsLast3d);
}

/// LibTorch's own, in float64.
at::Tensor expected(const at::Tensor& x, const BatchNormState& state, bool of_batch) {
  return at::batch_norm(at::relu(x.to(at::kDouble)), state.weight.to(at::kDouble), state.bias.to(at::kDouble),
                        state.mean, state.variance, of_batch, kBatchNormMomentum, kBatchNormEpsilon, false);
}

BatchNormState inDouble(const BatchNormState& state) {
  return {state.weight, state.bias, state.mean.to(at::kDouble), state.variance.to(at::kDouble)};
}

void expectClose(const at::Tensor& got, const at::Tensor& wanted, double within, const char* what) {
  const double largest = wanted.abs().max().item<double>();
  EXPECT_LE((got.to(at::kDouble) - wanted).abs().max().item<double>(), within * largest) << what;
}

class ReluBatchNormTest : public testing::TestWithParam<Case> {
 protected:
  /// Of the largest value: what a rounding to the type may be off, or a sum in float32.
  double within() const { return GetParam().type == at::kBFloat16 ? 4e-3 : 2e-6; }
};

}  // namespace

TEST_P(ReluBatchNormTest, EqualsLibTorchsInTraining) {
  const BatchNormState state = stateOf(GetParam().channels);
  const BatchNormState wanted_state = inDouble(stateOf(GetParam().channels));
  const at::Tensor x = image(GetParam(), 0).requires_grad_();
  const at::Tensor wanted_x = x.detach().to(at::kDouble).requires_grad_();
  state.weight.requires_grad_(), state.bias.requires_grad_();
  wanted_state.weight.requires_grad_(), wanted_state.bias.requires_grad_();
  const at::Tensor y = reluBatchNorm(x * 1, state, true);
  const at::Tensor wanted = expected(wanted_x, wanted_state, true);
  EXPECT_EQ(y.scalar_type(), GetParam().type);
  EXPECT_TRUE(y.is_contiguous(at::MemoryFormat::ChannelsLast3d));
  expectClose(y, wanted.detach(), within(), "forward");
  expectClose(state.mean, wanted_state.mean, 1e-6, "running mean");
  expectClose(state.variance, wanted_state.variance, 1e-6, "running variance");
  const at::Tensor g = image(GetParam(), 0.5);
  y.backward(g);
  wanted.backward(g.to(at::kDouble));
  expectClose(x.grad(), wanted_x.grad(), within(), "gradient by x");
  expectClose(state.weight.grad(), wanted_state.weight.grad().to(at::kDouble), 1e-5, "gradient by weight");
  expectClose(state.bias.grad(), wanted_state.bias.grad().to(at::kDouble), 1e-5, "gradient by bias");
}

TEST_P(ReluBatchNormTest, EqualsLibTorchsInEvaluation) {
  const at::NoGradGuard no_gradients;
  const BatchNormState state = stateOf(GetParam().channels);
  const at::Tensor x = image(GetParam(), 0);
  const at::Tensor wanted = expected(x, inDouble(state), false);
  expectClose(reluBatchNorm(x.clone(), state, false), wanted, within(), "forward");
}

INSTANTIATE_TEST_SUITE_P(Shapes, ReluBatchNormTest,
                         testing::Values(Case{16, {5, 7, 9}, at::kFloat}, Case{16, {5, 7, 9}, at::kBFloat16},
                                         Case{1, {3, 5, 7}, at::kFloat}, Case{3, {4, 5, 7}, at::kBFloat16},
                                         Case{24, {3, 3, 5}, at::kFloat}, Case{128, {2, 3, 5}, at::kBFloat16},
                                         Case{32, {20, 30, 70}, at::kFloat},
                                         Case{16, {48, 60, 70}, at::kBFloat16}));

TEST(ReluBatchNorm, WhatIsNotANumberStaysSo) {
  at::Tensor x = at::zeros({1, 16, 2, 3, 5}).contiguous(at::MemoryFormat::ChannelsLast3d);
  x.index_put_({at::tensor(0), at::tensor(3), at::tensor(1), at::tensor(2), at::tensor(4)},
               std::numeric_limits<float>::quiet_NaN());
  const at::Tensor y = reluBatchNorm(x.clone().requires_grad_() * 1, stateOf(16), true);
  EXPECT_EQ(at::isnan(y).sum().item<int>(), 30);  // all of the channel: its mean is none either
  const at::NoGradGuard no_gradients;
  EXPECT_EQ(at::isnan(reluBatchNorm(x, stateOf(16), false)).sum().item<int>(), 1);
}

TEST(ReluBatchNorm, IsTheSameForAnyNumberOfThreads) {
  const int threads = at::get_num_threads();
  std::vector<at::Tensor> outputs, gradients;
  for (const int count : {1, 2, 3}) {
    at::set_num_threads(count);
    const at::Tensor x = image({16, {30, 31, 33}, at::kFloat}, 0).requires_grad_();
    outputs.push_back(reluBatchNorm(x * 1, stateOf(16), true));
    outputs.back().backward(image({16, {30, 31, 33}, at::kFloat}, 0.5));
    gradients.push_back(x.grad());
  }
  at::set_num_threads(threads);
  for (std::size_t i = 1; i < outputs.size(); ++i) {
    EXPECT_TRUE(at::equal(outputs[i], outputs[0]));
    EXPECT_TRUE(at::equal(gradients[i], gradients[0]));
  }
}

}  // namespace rind::networks
