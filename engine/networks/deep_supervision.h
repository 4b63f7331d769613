#pragma once

#include <memory>
#include <vector>

#include "rind/networks/layers.h"
#include "rind/networks/network_settings.h"

namespace rind::networks {

/// Logits of a decoder's levels with 1/2 and 1/4 of the resolution (Dou et al. 2017), a 1×1×1 convolution
/// each, where the settings ask for them; none elsewhere.
class DeepHeads : public torch::nn::Module {
 public:
  /// `widths`: channels of those two levels, the finer first.
  DeepHeads(const NetworkSettings& settings, const std::vector<std::int64_t>& widths);

  /// `finest` and the logits of `levels`, which a decoder makes coarsest first, full resolution last: as
  /// Network::forwardScales returns them.
  std::vector<at::Tensor> beside(const at::Tensor& finest, const std::vector<at::Tensor>& levels) const;

 private:
  std::vector<std::shared_ptr<Convolution>> heads_;
};

}  // namespace rind::networks
