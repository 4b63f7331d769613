#pragma once

#include <torch/nn/module.h>

#include <array>

#include "rind/core/geometry.h"
#include "rind/networks/relu_batch_norm.h"

namespace rind::networks {

/// `extent` along each axis of the patch that is not 1, `otherwise` along the others: how a kernel, a stride
/// or a pooling window becomes two-dimensional.
core::Extent3 acrossPatch(const core::Extent3& patch, std::int64_t extent, std::int64_t otherwise = 1);

/// How a kernel walks: z, y, x.
struct ConvolutionSteps {
  std::array<std::int64_t, 3> stride = {1, 1, 1};
  std::array<std::int64_t, 3> padding = {0, 0, 0};
  std::int64_t dilation = 1;
};

/// at::conv3d, [B, in, D, H, W] → [B, out, …], by ways around three faults of oneDNN 3.10 (LibTorch 2.11,
/// seen on processors with AVX-512-BF16): the weight gradient of an image thinner than the kernel along some
/// axis reads and writes beyond it (NaN, values of 1e30, a damaged heap; bfloat16, and 7×7×7 in float32 too),
/// so such an image is padded first; a channels-last bfloat16 image with a single place for the kernel gives
/// wrong values (one thread alone with any stride), so it is computed in float32; and the weight gradient of
/// a bfloat16 image of one slice and 96×96 places or more damages the heap (AMX), so an image of one slice is
/// trained by at::conv2d.
at::Tensor convolve(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                    const ConvolutionSteps& steps);

/// Convolution [B, in, D, H, W] → [B, out, D/stride, …]: padded by half the kernel where it is odd, not where
/// it is even (and the stride as large).
struct ConvolutionShape {
  std::int64_t in = 1;
  std::int64_t out = 1;
  core::Extent3 kernel = {3, 3, 3};
  core::Extent3 stride = {1, 1, 1};
  std::int64_t dilation = 1;
  bool bias = true;
};

class Convolution : public torch::nn::Module {
 public:
  explicit Convolution(const ConvolutionShape& shape);
  at::Tensor forward(const at::Tensor& x) const;

 private:
  ConvolutionShape shape_;
  at::Tensor weight_, bias_;
};

/// Transposed convolution whose kernel is its stride: every voxel becomes a block of `factor`.
class Expansion : public torch::nn::Module {
 public:
  Expansion(std::int64_t in, std::int64_t out, const core::Extent3& factor, bool bias = true);
  at::Tensor forward(const at::Tensor& x) const;

 private:
  core::Extent3 factor_;
  at::Tensor weight_, bias_;
};

/// Batch normalisation over everything but channels (momentum 0.1, ε 1e-5); running statistics in evaluation
/// mode.
class BatchNorm : public torch::nn::Module {
 public:
  explicit BatchNorm(std::int64_t channels);
  at::Tensor forward(const at::Tensor& x) const;
  /// forward(relu(x)) in fewer passes over memory; x may be overwritten.
  at::Tensor forwardAfterRelu(const at::Tensor& x) const;

 private:
  /// Whether the batch's own mean and variance normalise. One number a channel (batch 1 at the deepest level
  /// of a small patch) has no variance: 0/0 would poison the running statistics for good.
  bool isOfBatch(const at::Tensor& x) const { return is_training() && x.numel() > x.size(1); }

  BatchNormState state_;
};

/// max(x, 0) + weight·min(x, 0), one weight a channel, 0.25 at first.
class PRelu : public torch::nn::Module {
 public:
  explicit PRelu(std::int64_t channels);
  at::Tensor forward(const at::Tensor& x) const;

 private:
  at::Tensor weight_;
};

/// Instance normalisation without learned scale (ε 1e-5).
at::Tensor instanceNorm(const at::Tensor& x);

}  // namespace rind::networks
