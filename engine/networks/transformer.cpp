#include "rind/networks/transformer.h"

#include <ATen/ATen.h>

#include "rind/networks/layers.h"

namespace rind::networks {
namespace {

/// A convolution whose stride is its kernel: every token's voxels become one vector.
class Embedding : public torch::nn::Module {
 public:
  explicit Embedding(const TransformerShape& shape) : token_{shape.token.z, shape.token.y, shape.token.x} {
    weight_ = register_parameter(
        "weight", at::zeros({shape.width, shape.in_channels, token_[0], token_[1], token_[2]}));
    bias_ = register_parameter("bias", at::zeros({shape.width}));
  }

  at::Tensor forward(const at::Tensor& image) const {
    return convolve(image, weight_, bias_, {.stride = token_}).flatten(2).transpose(1, 2);
  }

 private:
  std::array<std::int64_t, 3> token_;
  at::Tensor weight_, bias_;
};

}  // namespace

Linear::Linear(std::int64_t in, std::int64_t out, bool bias) {
  weight_ = register_parameter("weight", at::zeros({out, in}));
  if (bias) bias_ = register_parameter("bias", at::zeros({out}));
}

at::Tensor Linear::forward(const at::Tensor& x) const {
  return at::linear(x, weight_, bias_);
}

LayerNorm::LayerNorm(std::int64_t width) : width_(width) {
  weight_ = register_parameter("weight", at::ones({width}));
  bias_ = register_parameter("bias", at::zeros({width}));
}

at::Tensor LayerNorm::forward(const at::Tensor& x) const {
  return at::layer_norm(x, width_, weight_, bias_, 1e-5);
}

/// x + attention(norm(x)), then x + MLP(norm(x)).
class VisionTransformer::Block : public torch::nn::Module {
 public:
  explicit Block(const TransformerShape& shape)
      : shape_(shape),
        first_norm_(register_module("first_norm", std::make_shared<LayerNorm>(shape.width))),
        second_norm_(register_module("second_norm", std::make_shared<LayerNorm>(shape.width))),
        query_key_value_(register_module("query_key_value",
                                         std::make_shared<Linear>(shape.width, 3 * shape.width, false))),
        projection_(register_module("projection", std::make_shared<Linear>(shape.width, shape.width))),
        widen_(register_module("widen", std::make_shared<Linear>(shape.width, 4 * shape.width))),
        narrow_(register_module("narrow", std::make_shared<Linear>(4 * shape.width, shape.width))) {}

  at::Tensor forward(const at::Tensor& x) const {
    const auto attended = x + attention(first_norm_->forward(x));
    return attended + narrow_->forward(at::gelu(widen_->forward(second_norm_->forward(attended))));
  }

 private:
  at::Tensor attention(const at::Tensor& x) const {
    const std::int64_t tokens = shape_.grid.voxels(), size = shape_.width / shape_.heads;
    // [B, tokens, 3·width] → three of [B, heads, tokens, size]
    const auto parts =
        query_key_value_->forward(x).reshape({-1, tokens, 3, shape_.heads, size}).permute({2, 0, 3, 1, 4});
    const auto mixed =
        at::scaled_dot_product_attention(parts.select(0, 0), parts.select(0, 1), parts.select(0, 2));
    return projection_->forward(mixed.transpose(1, 2).reshape({-1, tokens, shape_.width}));
  }

  TransformerShape shape_;
  std::shared_ptr<LayerNorm> first_norm_, second_norm_;
  std::shared_ptr<Linear> query_key_value_, projection_, widen_, narrow_;
};

VisionTransformer::VisionTransformer(const TransformerShape& shape) : shape_(shape) {
  embedding_ = register_module("embedding", std::make_shared<Embedding>(shape));
  position_ = register_parameter("position", at::zeros({1, shape.grid.voxels(), shape.width}));
  for (int i = 0; i < shape.blocks; ++i)
    blocks_.push_back(register_module("block" + std::to_string(i), std::make_shared<Block>(shape)));
  norm_ = register_module("norm", std::make_shared<LayerNorm>(shape.width));
}

std::vector<at::Tensor> VisionTransformer::forward(const at::Tensor& image) const {
  at::Tensor x = static_cast<const Embedding&>(*embedding_).forward(image) + position_;
  std::vector<at::Tensor> states;
  for (const auto& block : blocks_) states.push_back(x = block->forward(x));
  states.back() = norm_->forward(x);
  return states;
}

}  // namespace rind::networks
