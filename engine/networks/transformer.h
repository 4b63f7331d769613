#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <vector>

#include "rind/core/geometry.h"

namespace rind::networks {

class Linear : public torch::nn::Module {
 public:
  Linear(std::int64_t in, std::int64_t out, bool bias = true);
  at::Tensor forward(const at::Tensor& x) const;

 private:
  at::Tensor weight_, bias_;
};

class LayerNorm : public torch::nn::Module {
 public:
  explicit LayerNorm(std::int64_t width);
  at::Tensor forward(const at::Tensor& x) const;

 private:
  std::int64_t width_;
  at::Tensor weight_, bias_;
};

struct TransformerShape {
  std::int64_t in_channels = 1;
  std::int64_t width = 768;
  std::int64_t heads = 12;
  int blocks = 12;
  /// Voxels of a token, and tokens of the patch, along each axis.
  core::Extent3 token;
  core::Extent3 grid;
};

/// A vision transformer (Dosovitskiy et al. 2021, pre-norm, no class token) over the patch cut into tokens.
class VisionTransformer : public torch::nn::Module {
 public:
  explicit VisionTransformer(const TransformerShape& shape);

  /// [B, C, D, H, W] → what each block returns, [B, tokens, width]; the last one normalised.
  std::vector<at::Tensor> forward(const at::Tensor& image) const;

 private:
  class Block;
  TransformerShape shape_;
  at::Tensor position_;
  std::shared_ptr<torch::nn::Module> embedding_;
  std::vector<std::shared_ptr<Block>> blocks_;
  std::shared_ptr<LayerNorm> norm_;
};

}  // namespace rind::networks
