#include "rind/networks/unetr.h"

#include <ATen/ATen.h>

#include "rind/networks/layers.h"
#include "rind/networks/transformer.h"

namespace rind::networks {
namespace {

constexpr std::int64_t kToken = 16;
constexpr int kBlocks = 12;
/// Blocks whose states are skips, counted from 0, as the published implementation takes them.
constexpr std::array<std::size_t, 3> kSkips = {3, 6, 9};

/// Two 3×3×3 convolutions with instance normalisation and leaky ReLU beside the identity, or beside a 1×1×1
/// convolution where the width changes.
class Residual : public torch::nn::Module {
 public:
  Residual(std::int64_t in, std::int64_t out, const core::Extent3& kernel)
      : first_(convolution("first", in, out, kernel)), second_(convolution("second", out, out, kernel)) {
    if (in != out) shortcut_ = convolution("shortcut", in, out, {1, 1, 1});
  }

  at::Tensor forward(const at::Tensor& x) const {
    const auto half = at::leaky_relu(instanceNorm(first_->forward(x)), 0.01);
    const auto beside = shortcut_ ? instanceNorm(shortcut_->forward(x)) : x;
    return at::leaky_relu(instanceNorm(second_->forward(half)) + beside, 0.01);
  }

 private:
  std::shared_ptr<Convolution> convolution(const char* name, std::int64_t in, std::int64_t out,
                                           const core::Extent3& kernel) {
    return register_module(name, std::make_shared<Convolution>(ConvolutionShape{
                                     .in = in, .out = out, .kernel = kernel, .bias = false}));
  }

  std::shared_ptr<Convolution> first_, second_, shortcut_;
};

/// Doubles the resolution of a transformer's state once, and then again with a residual block for each of
/// `more`.
class Rise : public torch::nn::Module {
 public:
  Rise(std::int64_t in, std::int64_t out, int more, const core::Extent3& patch)
      : first_(register_module("first", std::make_shared<Expansion>(in, out, acrossPatch(patch, 2), false))) {
    for (int i = 0; i < more; ++i) {
      expand_.push_back(register_module("expand" + std::to_string(i),
                                        std::make_shared<Expansion>(out, out, acrossPatch(patch, 2), false)));
      blocks_.push_back(register_module("block" + std::to_string(i),
                                        std::make_shared<Residual>(out, out, acrossPatch(patch, 3))));
    }
  }

  at::Tensor forward(const at::Tensor& state) const {
    at::Tensor x = first_->forward(state);
    for (std::size_t i = 0; i < blocks_.size(); ++i) x = blocks_[i]->forward(expand_[i]->forward(x));
    return x;
  }

 private:
  std::shared_ptr<Expansion> first_;
  std::vector<std::shared_ptr<Expansion>> expand_;
  std::vector<std::shared_ptr<Residual>> blocks_;
};

class UNetR : public Network {
 public:
  explicit UNetR(const NetworkSettings& settings) : hidden_(48 * settings.base_channels) {
    const auto& patch = settings.patch;
    const std::int64_t b = settings.base_channels;
    const auto token = acrossPatch(patch, kToken), two = acrossPatch(patch, 2),
               kernel = acrossPatch(patch, 3);
    grid_ = {patch.z / token.z, patch.y / token.y, patch.x / token.x};
    transformer_ = register_module("transformer", std::make_shared<VisionTransformer>(
                                                      TransformerShape{.in_channels = settings.in_channels,
                                                                       .width = hidden_,
                                                                       .blocks = kBlocks,
                                                                       .token = token,
                                                                       .grid = grid_}));
    image_ = register_module("image", std::make_shared<Residual>(settings.in_channels, b, kernel));
    std::int64_t in = hidden_;
    for (int level = 3; level >= 0; --level) {
      const std::string number = std::to_string(level);
      const std::int64_t width = b << level;
      if (level > 0)
        rise_.push_back(
            register_module("rise" + number, std::make_shared<Rise>(hidden_, width, 3 - level, patch)));
      expand_.push_back(
          register_module("expand" + number, std::make_shared<Expansion>(in, width, two, false)));
      up_.push_back(register_module("up" + number, std::make_shared<Residual>(2 * width, width, kernel)));
      in = width;
    }
    head_ = register_module("head",
                            std::make_shared<Convolution>(ConvolutionShape{b, settings.classes, {1, 1, 1}}));
  }

  at::Tensor forward(const at::Tensor& image) override {
    const auto states = transformer_->forward(image);
    at::Tensor x = asVolume(states.back());
    for (std::size_t i = 0; i < up_.size(); ++i) {
      const auto skip = i < rise_.size() ? rise_[i]->forward(asVolume(states[kSkips[kSkips.size() - 1 - i]]))
                                         : image_->forward(image);
      x = up_[i]->forward(at::cat({expand_[i]->forward(x), skip}, 1));
    }
    return head_->forward(x);
  }

 private:
  /// [B, tokens, hidden] → [B, hidden, z, y, x] of tokens.
  at::Tensor asVolume(const at::Tensor& state) const {
    return state.transpose(1, 2).reshape({-1, hidden_, grid_.z, grid_.y, grid_.x});
  }

  std::int64_t hidden_;
  core::Extent3 grid_;
  std::shared_ptr<VisionTransformer> transformer_;
  std::shared_ptr<Residual> image_;
  std::vector<std::shared_ptr<Rise>> rise_;
  std::vector<std::shared_ptr<Expansion>> expand_;
  std::vector<std::shared_ptr<Residual>> up_;
  std::shared_ptr<Convolution> head_;
};

}  // namespace

std::shared_ptr<Network> makeUNetR(const NetworkSettings& settings) {
  return std::make_shared<UNetR>(settings);
}

}  // namespace rind::networks
