#pragma once

#include <ATen/core/Tensor.h>

namespace rind::networks {

constexpr double kBatchNormMomentum = 0.1, kBatchNormEpsilon = 1e-5;

/// What batch normalisation learns and remembers, float32 [C] each.
struct BatchNormState {
  at::Tensor weight, bias, mean, variance;
};

/// BatchNorm(ReLU(x)) as the paper's U-Net has it, x [B, C, D, H, W]: at::batch_norm(at::relu(x), …, momentum
/// 0.1, ε 1e-5) in fewer passes over memory where x lies channels last on the processor, in LibTorch's own
/// calls elsewhere (and while a network is traced). `of_batch`: normalise by the batch's mean and variance
/// and update the running ones. x may be overwritten; sums are the same for any number of threads.
at::Tensor reluBatchNorm(const at::Tensor& x, const BatchNormState& state, bool of_batch);

}  // namespace rind::networks
