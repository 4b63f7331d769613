#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <array>

#include "rind/networks/relu_batch_norm.h"

namespace rind::networks::testing {

struct Case {
  std::int64_t channels;
  std::array<std::int64_t, 3> size;
  at::ScalarType type;
};

inline at::Tensor numbers(at::IntArrayRef shape, double phase) {
  std::int64_t count = 1;
  for (const auto extent : shape) count *= extent;
  return at::sin(at::arange(count, at::kDouble) * 0.7310585 + phase).to(at::kFloat).view(shape) * 3;
}

inline BatchNormState stateOf(std::int64_t channels) {
  return {numbers({channels}, 0.1) + 1, numbers({channels}, 0.2), numbers({channels}, 0.3),
          numbers({channels}, 0.4).abs() + 0.5};
}

inline at::Tensor image(const Case& shape, double phase) {
  const auto& s = shape.size;
  return numbers({2, shape.channels, s[0], s[1], s[2]}, phase)
      .to(shape.type)
      .contiguous(at::MemoryFormat::ChannelsLast3d);
}

/// LibTorch's own, in float64.
inline at::Tensor expected(const at::Tensor& x, const BatchNormState& state, bool of_batch) {
  return at::batch_norm(at::relu(x.to(at::kDouble)), state.weight.to(at::kDouble), state.bias.to(at::kDouble),
                        state.mean, state.variance, of_batch, kBatchNormMomentum, kBatchNormEpsilon, false);
}

inline BatchNormState inDouble(const BatchNormState& state) {
  return {state.weight, state.bias, state.mean.to(at::kDouble), state.variance.to(at::kDouble)};
}

inline double largest(const at::Tensor& values) {
  return values.abs().max().item<double>();
}

inline void expectClose(const at::Tensor& got, const at::Tensor& wanted, double within, const char* what) {
  EXPECT_LE(largest(got.to(at::kDouble) - wanted), within * largest(wanted)) << what;
}

/// Of the largest value: what a rounding to the type may be off, or a sum in float32.
inline double within(const Case& shape) {
  return shape.type == at::kBFloat16 ? 4e-3 : 2e-6;
}

/// Output, running statistics and gradients are LibTorch's.
inline void expectTraining(const Case& shape) {
  const BatchNormState state = stateOf(shape.channels);
  const BatchNormState wanted_state = inDouble(stateOf(shape.channels));
  const at::Tensor x = image(shape, 0).requires_grad_();
  const at::Tensor wanted_x = x.detach().to(at::kDouble).requires_grad_();
  state.weight.requires_grad_(), state.bias.requires_grad_();
  wanted_state.weight.requires_grad_(), wanted_state.bias.requires_grad_();
  const at::Tensor y = reluBatchNorm(x * 1, state, true);
  const at::Tensor wanted = expected(wanted_x, wanted_state, true);
  EXPECT_EQ(y.scalar_type(), shape.type);
  EXPECT_TRUE(y.is_contiguous(at::MemoryFormat::ChannelsLast3d));
  expectClose(y, wanted.detach(), within(shape), "forward");
  expectClose(state.mean, wanted_state.mean, 1e-6, "running mean");
  expectClose(state.variance, wanted_state.variance, 1e-6, "running variance");
  const at::Tensor g = image(shape, 0.5);
  y.backward(g);
  wanted.backward(g.to(at::kDouble));
  expectClose(x.grad(), wanted_x.grad(), within(shape), "gradient by x");
  expectClose(state.weight.grad(), wanted_state.weight.grad().to(at::kDouble), 1e-5, "gradient by weight");
  // A sum of values that nearly cancel: off by a share of their sizes' sum.
  const at::Tensor g_exact = g.to(at::kDouble);
  EXPECT_LE(largest(state.bias.grad().to(at::kDouble) - g_exact.sum({0, 2, 3, 4})),
            1e-6 * largest(state.bias.grad()) + 1e-8 * largest(g_exact.abs().sum({0, 2, 3, 4})))
      << "gradient by bias";
}

inline void expectEvaluation(const Case& shape) {
  const at::NoGradGuard no_gradients;
  const BatchNormState state = stateOf(shape.channels);
  const at::Tensor x = image(shape, 0);
  const at::Tensor wanted = expected(x, inDouble(state), false);
  expectClose(reluBatchNorm(x.clone(), state, false), wanted, within(shape), "forward");
}

}  // namespace rind::networks::testing
