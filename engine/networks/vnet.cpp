#include "rind/networks/vnet.h"

#include <ATen/ATen.h>

#include "rind/networks/deep_supervision.h"
#include "rind/networks/layers.h"

namespace rind::networks {
namespace {

/// Convolutions of the levels, from the full resolution down; the way up has the same at the same resolution.
constexpr std::array<int, 5> kConvolutions = {1, 2, 3, 3, 3};

/// Convolution → BatchNorm, with PReLU after it where `active`.
class Unit : public torch::nn::Module {
 public:
  Unit(const ConvolutionShape& shape, bool active)
      : convolution_(register_module("convolution", std::make_shared<Convolution>(shape))),
        norm_(register_module("norm", std::make_shared<BatchNorm>(shape.out))) {
    if (active) activation_ = register_module("activation", std::make_shared<PRelu>(shape.out));
  }

  at::Tensor forward(const at::Tensor& x) const {
    const auto y = norm_->forward(convolution_->forward(x));
    return activation_ ? activation_->forward(y) : y;
  }

 private:
  std::shared_ptr<Convolution> convolution_;
  std::shared_ptr<BatchNorm> norm_;
  std::shared_ptr<PRelu> activation_;
};

/// x → PReLU(x + units(x)).
class Residual : public torch::nn::Module {
 public:
  Residual(std::int64_t width, int convolutions, const core::Extent3& kernel)
      : activation_(register_module("activation", std::make_shared<PRelu>(width))) {
    for (int i = 0; i < convolutions; ++i)
      units_.push_back(register_module("unit" + std::to_string(i),
                                       std::make_shared<Unit>(ConvolutionShape{width, width, kernel}, true)));
  }

  at::Tensor forward(const at::Tensor& x) const {
    at::Tensor y = x;
    for (const auto& unit : units_) y = unit->forward(y);
    return activation_->forward(y + x);
  }

 private:
  std::vector<std::shared_ptr<Unit>> units_;
  std::shared_ptr<PRelu> activation_;
};

/// Twice the resolution, normalised and activated, beside the skip; then a residual block.
class UpLevel : public torch::nn::Module {
 public:
  UpLevel(std::int64_t in, std::int64_t width, int convolutions, const core::Extent3& patch)
      : expansion_(
            register_module("expansion", std::make_shared<Expansion>(in, width / 2, acrossPatch(patch, 2)))),
        norm_(register_module("norm", std::make_shared<BatchNorm>(width / 2))),
        activation_(register_module("activation", std::make_shared<PRelu>(width / 2))),
        block_(register_module("block",
                               std::make_shared<Residual>(width, convolutions, acrossPatch(patch, 5)))) {}

  at::Tensor forward(const at::Tensor& x, const at::Tensor& skip) const {
    const auto up = activation_->forward(norm_->forward(expansion_->forward(x)));
    return block_->forward(at::cat({up, skip}, 1));
  }

 private:
  std::shared_ptr<Expansion> expansion_;
  std::shared_ptr<BatchNorm> norm_;
  std::shared_ptr<PRelu> activation_;
  std::shared_ptr<Residual> block_;
};

class VNet : public Network {
 public:
  explicit VNet(const NetworkSettings& settings) : width_(settings.base_channels) {
    const auto& patch = settings.patch;
    const auto kernel = acrossPatch(patch, 5), two = acrossPatch(patch, 2);
    std::int64_t width = width_;
    entry_ = register_module(
        "entry", std::make_shared<Unit>(ConvolutionShape{settings.in_channels, width, kernel}, false));
    entry_activation_ = register_module("entry_activation", std::make_shared<PRelu>(width));
    for (std::size_t i = 1; i < kConvolutions.size(); ++i, width *= 2) {
      const std::string number = std::to_string(i);
      // Even kernels need no padding: halving is a kernel of 2 with a stride of 2.
      halve_.push_back(register_module(
          "halve" + number, std::make_shared<Unit>(ConvolutionShape{width, 2 * width, two, two}, true)));
      down_.push_back(
          register_module("down" + number, std::make_shared<Residual>(2 * width, kConvolutions[i], kernel)));
    }
    // Each level's output is as wide as the concatenation: twice its skip.
    std::int64_t in = width;
    for (std::size_t i = kConvolutions.size() - 1; i > 0; --i, in = width, width /= 2)
      up_.push_back(register_module("up" + std::to_string(i - 1),
                                    std::make_shared<UpLevel>(in, width, kConvolutions[i - 1], patch)));
    exit_ =
        register_module("exit", std::make_shared<Unit>(ConvolutionShape{in, settings.classes, kernel}, true));
    head_ = register_module("head", std::make_shared<Convolution>(
                                        ConvolutionShape{settings.classes, settings.classes, {1, 1, 1}}));
    deep_ = register_module("deep",
                            std::make_shared<DeepHeads>(settings, std::vector<std::int64_t>{2 * in, 4 * in}));
  }

  at::Tensor forward(const at::Tensor& image) override { return finest(decode(image)); }

  std::vector<at::Tensor> forwardScales(const at::Tensor& image) override {
    const auto levels = decode(image);
    return deep_->beside(finest(levels), levels);
  }

 private:
  at::Tensor finest(const std::vector<at::Tensor>& levels) const {
    return head_->forward(exit_->forward(levels.back()));
  }

  /// What the way up gives at each level, coarsest first.
  std::vector<at::Tensor> decode(const at::Tensor& image) const {
    std::vector<at::Tensor> skips;
    at::Tensor x = entry_activation_->forward(entry_->forward(image) + tiled(image));
    for (std::size_t i = 0; i < down_.size(); ++i) {
      skips.push_back(x);
      x = down_[i]->forward(halve_[i]->forward(x));
    }
    std::vector<at::Tensor> levels;
    for (const auto& up : up_) {
      levels.push_back(x = up->forward(x, skips.back()));
      skips.pop_back();
    }
    return levels;
  }

  /// The image's channels over and over, as many as the first level has: its residual.
  at::Tensor tiled(const at::Tensor& image) const {
    const std::int64_t channels = image.size(1);
    return image.repeat({1, (width_ + channels - 1) / channels, 1, 1, 1}).narrow(1, 0, width_);
  }

  std::int64_t width_;
  std::shared_ptr<Unit> entry_, exit_;
  std::shared_ptr<PRelu> entry_activation_;
  std::vector<std::shared_ptr<Unit>> halve_;
  std::vector<std::shared_ptr<Residual>> down_;
  std::vector<std::shared_ptr<UpLevel>> up_;
  std::shared_ptr<Convolution> head_;
  std::shared_ptr<DeepHeads> deep_;
};

}  // namespace

std::shared_ptr<Network> makeVNet(const NetworkSettings& settings) {
  return std::make_shared<VNet>(settings);
}

}  // namespace rind::networks
