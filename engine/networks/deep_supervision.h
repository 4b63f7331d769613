#pragma once

#include <memory>
#include <vector>

#include "rind/networks/layers.h"

namespace rind::networks {

/// Logits of a decoder's levels with 1/2 and 1/4 of the resolution (Dou et al. 2017): a 1×1×1 convolution
/// each.
class DeepHeads : public torch::nn::Module {
 public:
  /// `widths`: channels of those two levels, the finer first.
  DeepHeads(const std::vector<std::int64_t>& widths, std::int64_t classes);

  /// `levels`: what a decoder makes, coarsest first, full resolution last. The finer logits come first.
  std::vector<at::Tensor> forward(const std::vector<at::Tensor>& levels) const;

 private:
  std::vector<std::shared_ptr<Convolution>> heads_;
};

}  // namespace rind::networks
