#include "rind/networks/unet.h"

#include <ATen/ATen.h>

#include "rind/networks/deep_supervision.h"
#include "rind/networks/layers.h"

namespace rind::networks {
namespace {

constexpr int kHalvings = 4;

/// Twice (3×3×3 convolution → ReLU → BatchNorm).
class Level : public torch::nn::Module {
 public:
  Level(std::int64_t in, std::int64_t out, const core::Extent3& kernel)
      : first_(register_module("first", std::make_shared<Convolution>(ConvolutionShape{in, out, kernel}))),
        first_norm_(register_module("first_norm", std::make_shared<BatchNorm>(out))),
        second_(register_module("second", std::make_shared<Convolution>(ConvolutionShape{out, out, kernel}))),
        second_norm_(register_module("second_norm", std::make_shared<BatchNorm>(out))) {}

  at::Tensor forward(const at::Tensor& x) const {
    const auto half = first_norm_->forwardAfterRelu(first_->forward(x));
    return second_norm_->forwardAfterRelu(second_->forward(half));
  }

 private:
  std::shared_ptr<Convolution> first_;
  std::shared_ptr<BatchNorm> first_norm_;
  std::shared_ptr<Convolution> second_;
  std::shared_ptr<BatchNorm> second_norm_;
};

class UNet : public Network {
 public:
  explicit UNet(const NetworkSettings& settings)
      : kernel_(acrossPatch(settings.patch, 3)), halving_(acrossPatch(settings.patch, 2)) {
    std::int64_t in = settings.in_channels;
    std::int64_t width = settings.base_channels;
    for (int i = 0; i <= kHalvings; ++i, in = width, width *= 2)
      down_.push_back(
          register_module("down" + std::to_string(i), std::make_shared<Level>(in, width, kernel_)));
    width = in;  // of the deepest level
    for (int i = kHalvings - 1; i >= 0; --i, width /= 2) {
      expand_.push_back(register_module("expand" + std::to_string(i),
                                        std::make_shared<Expansion>(width, width / 2, halving_)));
      up_.push_back(
          register_module("up" + std::to_string(i), std::make_shared<Level>(width, width / 2, kernel_)));
    }
    head_ = register_module(
        "head", std::make_shared<Convolution>(ConvolutionShape{width, settings.classes, {1, 1, 1}}));
    deep_ = register_module(
        "deep", std::make_shared<DeepHeads>(settings, std::vector<std::int64_t>{2 * width, 4 * width}));
  }

  at::Tensor forward(const at::Tensor& image) override { return head_->forward(decode(image).back()); }

  std::vector<at::Tensor> forwardScales(const at::Tensor& image) override {
    const auto levels = decode(image);
    return deep_->beside(head_->forward(levels.back()), levels);
  }

 private:
  /// What the way up gives at each level, coarsest first.
  std::vector<at::Tensor> decode(const at::Tensor& image) const {
    const std::array<std::int64_t, 3> window = {halving_.z, halving_.y, halving_.x};
    std::vector<at::Tensor> skips;
    at::Tensor x = down_[0]->forward(image);
    for (std::size_t i = 1; i < down_.size(); ++i) {
      skips.push_back(x);
      x = down_[i]->forward(at::max_pool3d(x, window));
    }
    std::vector<at::Tensor> levels;
    for (std::size_t i = 0; i < up_.size(); ++i) {
      x = up_[i]->forward(at::cat({skips.back(), expand_[i]->forward(x)}, 1));
      skips.pop_back();
      levels.push_back(x);
    }
    return levels;
  }

  core::Extent3 kernel_, halving_;
  std::vector<std::shared_ptr<Level>> down_, up_;
  std::vector<std::shared_ptr<Expansion>> expand_;
  std::shared_ptr<Convolution> head_;
  std::shared_ptr<DeepHeads> deep_;
};

}  // namespace

std::shared_ptr<Network> makeUNet(const NetworkSettings& settings) {
  return std::make_shared<UNet>(settings);
}

}  // namespace rind::networks
