#include "rind/training/trainer.h"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/generated/variable_factories.h>

#include <cmath>

namespace rind::training {
namespace {

double normOfGradients(const std::vector<at::Tensor>& parameters) {
  double sum = 0;
  for (const auto& parameter : parameters) {
    const double norm = at::linalg_vector_norm(parameter.grad()).item<double>();
    sum += norm * norm;
  }
  return std::sqrt(sum);
}

at::Tensor prepared(const at::Tensor& image, const Compute& compute) {
  return image.to(compute.device).contiguous(at::MemoryFormat::ChannelsLast3d);
}

}  // namespace

Trainer::Trainer(const networks::NetworkSettings& network, std::uint64_t seed, double weight_decay,
                 const Compute& compute)
    : network_(networks::makeNetwork(network, seed)), compute_(compute) {
  network_->to(compute.device);
  networks::preferChannelsLast(*network_);
  adam_ = std::make_shared<Adam>(network_->parameters(), weight_decay);
}

StepResult Trainer::step(const at::Tensor& image, const losses::Target& target, const core::RunConfig& config,
                         double learning_rate) {
  network_->train();
  network_->zero_grad();
  at::Tensor logits;
  {
    const Precision precision(compute_);
    logits = network_->forward(prepared(image, compute_));
  }
  const auto evaluation =
      losses::evaluate(logits.detach(), target, config.loss, config.contour.include_background,
                       /*want_gradient=*/true);
  StepResult result{evaluation.report};
  logits.backward(evaluation.gradient);
  result.gradient_norm = normOfGradients(network_->parameters());
  result.applied = std::isfinite(result.loss.total) && std::isfinite(result.gradient_norm);
  if (result.applied) adam_->step(learning_rate);
  return result;
}

at::Tensor Trainer::predict(const at::Tensor& image) {
  const at::NoGradGuard no_gradients;
  network_->eval();
  const Precision precision(compute_);
  return network_->forward(prepared(image, compute_)).to(at::kCPU, at::kFloat);
}

}  // namespace rind::training
