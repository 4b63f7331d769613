#include "rind/networks/layers.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>

#include <optional>

#include "rind/networks/interruption.h"

namespace rind::networks {
namespace {

std::array<std::int64_t, 3> axes(const core::Extent3& extent) {
  return {extent.z, extent.y, extent.x};
}

/// Autocast off for the current scope.
class FullPrecision {
 public:
  explicit FullPrecision(c10::DeviceType device) : device_(device) {
    at::autocast::set_autocast_enabled(device, false);
  }
  ~FullPrecision() { at::autocast::set_autocast_enabled(device_, true); }
  FullPrecision(const FullPrecision&) = delete;
  FullPrecision& operator=(const FullPrecision&) = delete;

 private:
  c10::DeviceType device_;
};

/// Whether along some axis the image is thinner than the kernel.
bool isThin(const at::Tensor& x, const at::Tensor& weight) {
  for (std::int64_t axis = 2; axis < 5; ++axis)
    if (x.size(axis) < weight.size(axis)) return true;
  return false;
}

/// Whether image and kernel are two-dimensional, across z.
bool isFlat(const at::Tensor& x, const at::Tensor& weight) {
  return x.size(2) == 1 && weight.size(2) == 1;
}

at::Tensor convolveFlat(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                        const ConvolutionSteps& steps) {
  const auto& [stride, padding, dilation] = steps;
  return at::conv2d(x.squeeze(2), weight.squeeze(2), bias, {stride[1], stride[2]}, {padding[1], padding[2]},
                    {dilation, dilation})
      .unsqueeze(2);
}

/// Whether the kernel has a single place along some axis, as long as the axis with its padding.
bool isOneStep(const at::Tensor& x, const at::Tensor& weight, const ConvolutionSteps& steps) {
  for (std::int64_t axis = 0; axis < 3; ++axis) {
    const std::int64_t kernel = weight.size(axis + 2);
    if (kernel > 1 && kernel == x.size(axis + 2) + 2 * steps.padding[axis]) return true;
  }
  return false;
}

}  // namespace

at::Tensor convolve(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                    const ConvolutionSteps& steps) {
  const bool trained_here = x.is_cpu() && at::GradMode::is_enabled();
  const auto& pad = steps.padding;
  if (trained_here && isThin(x, weight)) {
    const auto padded = at::constant_pad_nd(x, {pad[2], pad[2], pad[1], pad[1], pad[0], pad[0]});
    return convolve(padded, weight, bias, {steps.stride, {0, 0, 0}, steps.dilation});
  }
  if (trained_here && isFlat(x, weight)) return convolveFlat(x, weight, bias, steps);
  const std::array<std::int64_t, 3> dilation = {steps.dilation, steps.dilation, steps.dilation};
  std::optional<FullPrecision> full;
  if (x.is_cpu() && at::autocast::is_autocast_enabled(at::kCPU) && isOneStep(x, weight, steps))
    full.emplace(at::kCPU);
  return at::conv3d(full ? x.to(at::kFloat) : x, weight, bias, steps.stride, pad, dilation);
}

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
  askForInterruption(x);
  return convolve(x, weight_, bias_, {axes(shape_.stride), {half(k.z), half(k.y), half(k.x)}, d});
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
  state_.weight = register_parameter("weight", at::ones({channels}));
  state_.bias = register_parameter("bias", at::zeros({channels}));
  state_.mean = register_buffer("running_mean", at::zeros({channels}));
  state_.variance = register_buffer("running_var", at::ones({channels}));
}

at::Tensor BatchNorm::forward(const at::Tensor& x) const {
  const auto& [weight, bias, mean, variance] = state_;
  return at::batch_norm(x, weight, bias, mean, variance, isOfBatch(x), kBatchNormMomentum, kBatchNormEpsilon,
                        true);
}

at::Tensor BatchNorm::forwardAfterRelu(const at::Tensor& x) const {
  return reluBatchNorm(x, state_, isOfBatch(x));
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
