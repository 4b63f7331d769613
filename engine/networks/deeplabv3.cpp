#include "rind/networks/deeplabv3.h"

#include <ATen/ATen.h>

#include "rind/networks/layers.h"

namespace rind::networks {
namespace {

/// A third of the paper's rates (6, 12, 18): a 3-D patch of 64 to 128 voxels is 8 to 16 wide at this stride,
/// where wider kernels would see padding only.
constexpr std::array<std::int64_t, 3> kRates = {2, 4, 6};

/// Convolution → BatchNorm → ReLU (the last where `active`).
class Unit : public torch::nn::Module {
 public:
  explicit Unit(ConvolutionShape shape, bool active = true) : active_(active) {
    shape.bias = false;  // the normalisation has its own
    convolution_ = register_module("convolution", std::make_shared<Convolution>(shape));
    norm_ = register_module("norm", std::make_shared<BatchNorm>(shape.out));
  }

  at::Tensor forward(const at::Tensor& x) const {
    const auto y = norm_->forward(convolution_->forward(x));
    return active_ ? at::relu(y) : y;
  }

 private:
  bool active_;
  std::shared_ptr<Convolution> convolution_;
  std::shared_ptr<BatchNorm> norm_;
};

/// Two 3×3×3 units beside the identity, or beside a 1×1×1 unit where the shape changes (He et al. 2016).
class Residual : public torch::nn::Module {
 public:
  explicit Residual(const ConvolutionShape& shape)
      : first_(register_module("first", std::make_shared<Unit>(shape))),
        second_(register_module("second", std::make_shared<Unit>(after(shape), false))) {
    const bool changes = shape.in != shape.out || shape.stride.voxels() != 1;
    if (changes)
      shortcut_ = register_module(
          "shortcut",
          std::make_shared<Unit>(ConvolutionShape{shape.in, shape.out, {1, 1, 1}, shape.stride}, false));
  }

  at::Tensor forward(const at::Tensor& x) const {
    return at::relu(second_->forward(first_->forward(x)) + (shortcut_ ? shortcut_->forward(x) : x));
  }

 private:
  static ConvolutionShape after(ConvolutionShape shape) {
    shape.in = shape.out;
    shape.stride = {1, 1, 1};
    return shape;
  }

  std::shared_ptr<Unit> first_, second_, shortcut_;
};

/// Atrous spatial pyramid pooling: what is here, around at three distances, and in the whole image.
class Pyramid : public torch::nn::Module {
 public:
  Pyramid(std::int64_t in, std::int64_t out, const core::Extent3& kernel)
      : here_(register_module("here", std::make_shared<Unit>(ConvolutionShape{in, out, {1, 1, 1}}))),
        image_(register_module("image", std::make_shared<Unit>(ConvolutionShape{in, out, {1, 1, 1}}))) {
    for (const auto rate : kRates)
      around_.push_back(register_module("around" + std::to_string(rate),
                                        std::make_shared<Unit>(ConvolutionShape{
                                            .in = in, .out = out, .kernel = kernel, .dilation = rate})));
    const auto parts = static_cast<std::int64_t>(2 + kRates.size());
    fusion_ =
        register_module("fusion", std::make_shared<Unit>(ConvolutionShape{parts * out, out, {1, 1, 1}}));
  }

  at::Tensor forward(const at::Tensor& x) const {
    std::vector<at::Tensor> parts = {here_->forward(x)};
    for (const auto& unit : around_) parts.push_back(unit->forward(x));
    const auto whole = image_->forward(at::mean(x, {2, 3, 4}, /*keepdim=*/true));
    parts.push_back(whole.expand_as(parts[0]));
    return fusion_->forward(at::cat(parts, 1));
  }

 private:
  std::shared_ptr<Unit> here_, image_, fusion_;
  std::vector<std::shared_ptr<Unit>> around_;
};

class DeepLabV3 : public Network {
 public:
  explicit DeepLabV3(const NetworkSettings& settings) {
    const std::int64_t b = settings.base_channels;
    const auto kernel = acrossPatch(settings.patch, 3), two = acrossPatch(settings.patch, 2);
    const core::Extent3 one = {1, 1, 1};
    stem_ = register_module("stem",
                            std::make_shared<Unit>(ConvolutionShape{settings.in_channels, b, kernel, two}));
    // Strides 4, 8, 8: the last stage widens its view by dilation instead of halving.
    const std::array<ConvolutionShape, 6> blocks = {{{b, 2 * b, kernel, two},
                                                     {2 * b, 2 * b, kernel, one},
                                                     {2 * b, 4 * b, kernel, two},
                                                     {4 * b, 4 * b, kernel, one},
                                                     {4 * b, 8 * b, kernel, one, 2},
                                                     {8 * b, 8 * b, kernel, one, 2}}};
    for (std::size_t i = 0; i < blocks.size(); ++i)
      blocks_.push_back(register_module("block" + std::to_string(i), std::make_shared<Residual>(blocks[i])));
    pyramid_ = register_module("pyramid", std::make_shared<Pyramid>(8 * b, 4 * b, kernel));
    refine_ = register_module("refine", std::make_shared<Unit>(ConvolutionShape{4 * b, 4 * b, kernel}));
    head_ = register_module("head",
                            std::make_shared<Convolution>(ConvolutionShape{4 * b, settings.classes, one}));
    const auto eight = acrossPatch(settings.patch, 8);
    upsampling_ = {static_cast<double>(eight.z), static_cast<double>(eight.y), static_cast<double>(eight.x)};
  }

  at::Tensor forward(const at::Tensor& image) override {
    at::Tensor x = stem_->forward(image);
    for (const auto& block : blocks_) x = block->forward(x);
    const auto logits = head_->forward(refine_->forward(pyramid_->forward(x)));
    return at::upsample_trilinear3d(logits, c10::nullopt, /*align_corners=*/false, upsampling_);
  }

 private:
  std::shared_ptr<Unit> stem_, refine_;
  std::vector<std::shared_ptr<Residual>> blocks_;
  std::shared_ptr<Pyramid> pyramid_;
  std::shared_ptr<Convolution> head_;
  std::array<double, 3> upsampling_ = {};
};

}  // namespace

std::shared_ptr<Network> makeDeepLabV3(const NetworkSettings& settings) {
  return std::make_shared<DeepLabV3>(settings);
}

}  // namespace rind::networks
