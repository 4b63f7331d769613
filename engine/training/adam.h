#pragma once

#include <torch/nn/module.h>

#include <vector>

namespace rind::training {

/// Adam with an L2 penalty (Kingma & Ba 2015; as torch.optim.Adam) in one fused pass over all parameters. A
/// module, so that a checkpoint holds its moments beside the weights.
class Adam : public torch::nn::Module {
 public:
  Adam(std::vector<at::Tensor> parameters, double weight_decay);

  /// One update from the parameters' gradients, which are left as they are.
  void step(double learning_rate);

 private:
  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> first_, second_, steps_;
  double weight_decay_;
};

}  // namespace rind::training
