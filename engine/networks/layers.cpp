#include "rind/networks/layers.h"

#include <ATen/ATen.h>

#include <array>

namespace rind::networks {
namespace {

std::array<std::int64_t, 3> axes(const core::Extent3& extent) {
  return {extent.z, extent.y, extent.x};
}

}  // namespace

core::Extent3 acrossPatch(const core::Extent3& patch, std::int64_t extent, std::int64_t otherwise) {
  return {patch.z == 1 ? otherwise : extent, patch.y == 1 ? otherwise : extent,
          patch.x == 1 ? otherwise : extent};
}

Convolution::Convolution(const ConvolutionShape& shape) : shape_(shape) {
  const auto& k = shape.kernel;
  weight_ = register_parameter("weight", at::zeros({shape.out, shape.in, k.z, k.y, k.x}));
  if (shape.bias) bias_ = register_parameter("bias", at::zeros({shape.out}));
}

at::Tensor Convolution::forward(const at::Tensor& x) const {
  const auto& k = shape_.kernel;
  const std::int64_t d = shape_.dilation;
  const auto half = [d](std::int64_t extent) { return extent % 2 == 0 ? 0 : d * (extent / 2); };
  const std::array<std::int64_t, 3> padding = {half(k.z), half(k.y), half(k.x)};
  return at::conv3d(x, weight_, bias_, axes(shape_.stride), padding, at::IntArrayRef{d, d, d});
}

Expansion::Expansion(std::int64_t in, std::int64_t out, const core::Extent3& factor, bool bias)
    : factor_(factor) {
  weight_ = register_parameter("weight", at::zeros({in, out, factor.z, factor.y, factor.x}));
  if (bias) bias_ = register_parameter("bias", at::zeros({out}));
}

at::Tensor Expansion::forward(const at::Tensor& x) const {
  return at::conv_transpose3d(x, weight_, bias_, axes(factor_));
}

BatchNorm::BatchNorm(std::int64_t channels) {
  weight_ = register_parameter("weight", at::ones({channels}));
  bias_ = register_parameter("bias", at::zeros({channels}));
  mean_ = register_buffer("running_mean", at::zeros({channels}));
  variance_ = register_buffer("running_var", at::ones({channels}));
}

at::Tensor BatchNorm::forward(const at::Tensor& x) const {
  constexpr double kMomentum = 0.1, kEpsilon = 1e-5;
  // One number a channel (batch 1 at the deepest level of a small patch) has no variance: 0/0 would poison
  // the running statistics for good.
  const bool of_batch = is_training() && x.numel() > x.size(1);
  return at::batch_norm(x, weight_, bias_, mean_, variance_, of_batch, kMomentum, kEpsilon, true);
}

PRelu::PRelu(std::int64_t channels) {
  weight_ = register_parameter("weight", at::full({channels}, 0.25));
}

at::Tensor PRelu::forward(const at::Tensor& x) const {
  return at::prelu(x, weight_);
}

at::Tensor instanceNorm(const at::Tensor& x) {
  return at::instance_norm(x, {}, {}, {}, {}, true, 0.1, 1e-5, true);
}

}  // namespace rind::networks
