#pragma once

#include <torch/nn/module.h>

#include <string>
#include <vector>

namespace rind::training {

struct OptimiserStep {
  double learning_rate = 0;
  double weight_decay = 0;
  double momentum = 0.99;  // of sgd
};

/// Adam with an L2 penalty (Kingma & Ba 2015), AdamW (decoupled decay, Loshchilov & Hutter 2019) or SGD with
/// Nesterov's momentum (Sutskever et al. 2013), each as in torch.optim, in one fused pass over all
/// parameters. A module, so that a checkpoint holds its state beside the weights.
class Optimiser : public torch::nn::Module {
 public:
  /// `kind` is "adam", "adamw" or "sgd".
  Optimiser(std::string kind, std::vector<at::Tensor> parameters);

  /// One update from the parameters' gradients, which are left as they are. None where `fault`, f32 [] on
  /// their device, is there and 1.
  void step(const OptimiserStep& settings, const at::Tensor& fault = {});

 private:
  std::vector<at::Tensor> gradients() const;

  std::string kind_;
  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> first_, second_, steps_;  // sgd: its velocity is in first_
};

}  // namespace rind::training
