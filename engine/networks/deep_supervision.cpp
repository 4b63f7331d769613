#include "rind/networks/deep_supervision.h"

#include <string>

namespace rind::networks {

DeepHeads::DeepHeads(const NetworkSettings& settings, const std::vector<std::int64_t>& widths) {
  if (!settings.deep_supervision) return;
  for (const std::int64_t width : widths)
    heads_.push_back(
        register_module("head" + std::to_string(heads_.size() + 1),
                        std::make_shared<Convolution>(ConvolutionShape{width, settings.classes, {1, 1, 1}})));
}

std::vector<at::Tensor> DeepHeads::beside(const at::Tensor& finest,
                                          const std::vector<at::Tensor>& levels) const {
  std::vector<at::Tensor> logits = {finest};
  for (std::size_t i = 0; i < heads_.size(); ++i)
    logits.push_back(heads_[i]->forward(levels.at(levels.size() - 2 - i)));
  return logits;
}

}  // namespace rind::networks
