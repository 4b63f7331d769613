#include "rind/training/optimiser.h"

#include <ATen/Functions.h>

#include <optional>

namespace rind::training {

Optimiser::Optimiser(std::string kind, std::vector<at::Tensor> parameters)
    : kind_(std::move(kind)), parameters_(std::move(parameters)) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const std::string n = std::to_string(i);
    const at::Tensor like = parameters_[i].detach();
    first_.push_back(register_buffer("first_" + n, at::zeros_like(like)));
    if (kind_ == "sgd") continue;
    second_.push_back(register_buffer("second_" + n, at::zeros_like(like)));
    steps_.push_back(register_buffer("step_" + n, at::zeros({}, like.options().dtype(at::kFloat))));
  }
}

std::vector<at::Tensor> Optimiser::gradients() const {
  std::vector<at::Tensor> all;
  all.reserve(parameters_.size());
  for (const auto& parameter : parameters_) {
    at::Tensor gradient = parameter.grad();
    // A parameter that the loss does not reach.
    if (!gradient.defined()) gradient = at::zeros_like(parameter);
    // The fused kernel walks memory, so both must lie in it alike.
    if (gradient.strides() != parameter.strides()) gradient = at::empty_like(parameter).copy_(gradient);
    all.push_back(std::move(gradient));
  }
  return all;
}

void Optimiser::step(const OptimiserStep& settings, const at::Tensor& fault) {
  const at::NoGradGuard no_gradients;
  const auto gradient = gradients();
  std::optional<at::Tensor> skipped;
  if (fault.defined()) skipped = fault;
  if (kind_ == "sgd") {
    const bool moving = settings.momentum > 0;
    at::_fused_sgd_(parameters_, gradient, moving ? first_ : std::vector<at::Tensor>(), settings.weight_decay,
                    settings.momentum, settings.learning_rate, /*dampening=*/0, /*nesterov=*/moving,
                    /*maximize=*/false, /*is_first_step=*/false, /*grad_scale=*/{}, skipped);
    return;
  }
  constexpr double kBeta1 = 0.9;
  constexpr double kBeta2 = 0.999;
  constexpr double kEpsilon = 1e-8;
  at::_foreach_add_(steps_, 1);
  if (kind_ == "adamw")
    at::_fused_adamw_(parameters_, gradient, first_, second_, {}, steps_, settings.learning_rate, kBeta1,
                      kBeta2, settings.weight_decay, kEpsilon, /*amsgrad=*/false, /*maximize=*/false,
                      /*grad_scale=*/{}, skipped);
  else
    at::_fused_adam_(parameters_, gradient, first_, second_, {}, steps_, settings.learning_rate, kBeta1,
                     kBeta2, settings.weight_decay, kEpsilon, /*amsgrad=*/false, /*maximize=*/false,
                     /*grad_scale=*/{}, skipped);
  if (skipped) at::_foreach_sub_(steps_, std::vector<at::Tensor>(steps_.size(), fault));
}

}  // namespace rind::training
