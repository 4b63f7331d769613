#include "rind/training/adam.h"

#include <ATen/Functions.h>

namespace rind::training {

Adam::Adam(std::vector<at::Tensor> parameters, double weight_decay)
    : parameters_(std::move(parameters)), weight_decay_(weight_decay) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const std::string n = std::to_string(i);
    const at::Tensor like = parameters_[i].detach();
    first_.push_back(register_buffer("first_" + n, at::zeros_like(like)));
    second_.push_back(register_buffer("second_" + n, at::zeros_like(like)));
    steps_.push_back(register_buffer("step_" + n, at::zeros({}, like.options().dtype(at::kFloat))));
  }
}

void Adam::step(double learning_rate) {
  const at::NoGradGuard no_gradients;
  std::vector<at::Tensor> gradients;
  gradients.reserve(parameters_.size());
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    at::Tensor gradient = parameters_[i].grad();
    // The fused kernel walks memory, so both must lie in it alike.
    if (gradient.strides() != parameters_[i].strides())
      gradient = at::empty_like(parameters_[i]).copy_(gradient);
    gradients.push_back(std::move(gradient));
    steps_[i].add_(1);
  }
  constexpr double kBeta1 = 0.9;
  constexpr double kBeta2 = 0.999;
  constexpr double kEpsilon = 1e-8;
  at::_fused_adam_(parameters_, gradients, first_, second_, {}, steps_, learning_rate, kBeta1, kBeta2,
                   weight_decay_, kEpsilon, /*amsgrad=*/false, /*maximize=*/false);
}

}  // namespace rind::training
