#include "rind/training/trainer.h"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/generated/variable_factories.h>

#include <cmath>

#include "rind/core/error.h"
#include "rind/networks/interruption.h"
#include "rind/training/learning_rate.h"

namespace rind::training {
namespace {

std::vector<at::Tensor> gradientsOf(const std::vector<at::Tensor>& parameters) {
  std::vector<at::Tensor> gradients;
  for (const auto& parameter : parameters)
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  return gradients;
}

double normOf(const std::vector<at::Tensor>& gradients) {
  return at::linalg_vector_norm(at::stack(at::_foreach_norm(gradients, 2))).item<double>();
}

at::Tensor prepared(const at::Tensor& image, const Compute& compute) {
  return networks::channelsLast(image.to(compute.device, /*non_blocking=*/true));
}

losses::Target prepared(const losses::Target& target, const Compute& compute) {
  if (compute.device.is_cpu()) return target;
  const auto moved = [&](const at::Tensor& t) { return t.defined() ? t.to(compute.device, true) : t; };
  return {moved(target.labels), moved(target.band), moved(target.weight)};
}

/// The target's voxels that the logits of a coarser level stand for: every second or fourth.
losses::Target coarser(const losses::Target& target, const at::Tensor& logits) {
  const auto taken = [&](at::Tensor t) {
    if (!t.defined()) return t;
    for (std::int64_t axis = 1; axis < 4; ++axis)
      t = t.slice(axis, 0, std::nullopt, t.size(axis) / logits.size(axis + 1));
    return t.contiguous();
  };
  return {taken(target.labels), taken(target.band), taken(target.weight)};
}

/// 1, 1/2, 1/4 … of their sum (Isensee et al. 2021).
double weightOfScale(std::size_t scale, std::size_t scales) {
  double sum = 0;
  for (std::size_t i = 0; i < scales; ++i) sum += std::exp2(-static_cast<double>(i));
  return std::exp2(-static_cast<double>(scale)) / sum;
}

void addReport(losses::LossReport& sum, const losses::LossReport& one, double share) {
  if (sum.classes.empty()) sum.classes.resize(one.classes.size());
  if (sum.terms.empty())
    for (const auto& [name, value] : one.terms) sum.terms.emplace_back(name, 0.0);
  sum.total += share * one.total;
  for (std::size_t i = 0; i < sum.terms.size(); ++i) sum.terms[i].second += share * one.terms.at(i).second;
  for (std::size_t c = 0; c < sum.classes.size(); ++c) {
    sum.classes[c].contour += share * one.classes.at(c).contour;
    sum.classes[c].interior += share * one.classes.at(c).interior;
  }
}

}  // namespace

Trainer::Trainer(const networks::NetworkSettings& network, const core::RunConfig& config,
                 const Compute& compute)
    : network_(networks::makeNetwork(network, config.seed)), compute_(compute) {
  network_->to(compute.device);
  networks::preferChannelsLast(*network_);
  parameters_ = network_->parameters();
  optimiser_ = std::make_shared<Optimiser>(config.optimiser, parameters_);
  for (const auto& buffer : network_->buffers()) {
    statistics_.push_back(buffer);
    statistics_before_.push_back(buffer.clone());
  }
  if (config.average == 0) return;
  average_ = networks::copyOf(*network_, network);
  average_->to(compute.device);
  networks::preferChannelsLast(*average_);
}

StepResult Trainer::step(const std::vector<StepInput>& inputs, const core::RunConfig& config,
                         double learning_rate, std::int64_t steps_before) {
  const networks::Interruption interruption(cancelled);
  network_->train();
  network_->zero_grad();
  if (!statistics_.empty()) at::_foreach_copy_(statistics_before_, statistics_);
  StepResult result;
  const auto undo = [this] {
    const at::NoGradGuard no_gradients;
    if (!statistics_.empty()) at::_foreach_copy_(statistics_, statistics_before_);
  };
  try {
    for (const auto& input : inputs)
      addGradient(input, 1.0 / static_cast<double>(inputs.size()), config, result);
    if (result.applied) update(config, learning_rate, result);
    if (result.applied && average_) updateAverage(averageDecay(config.average, steps_before));
  } catch (...) {
    undo();
    throw;
  }
  if (!result.applied) undo();
  return result;
}

void Trainer::addGradient(const StepInput& input, double share, const core::RunConfig& config,
                          StepResult& result) {
  if (!result.applied) return;
  std::vector<at::Tensor> logits, gradients;
  {
    const Precision precision(compute_);
    logits = network_->forwardScales(prepared(input.image, compute_));
  }
  const losses::Target target = prepared(input.target, compute_);
  for (std::size_t scale = 0; scale < logits.size(); ++scale) {
    losses::Evaluation evaluation;
    try {
      evaluation =
          losses::evaluate(logits[scale].detach(), scale == 0 ? target : coarser(target, logits[scale]),
                           config.loss, config.contour.include_background, /*want_gradient=*/true);
    } catch (const core::InputError& error) {
      if (error.where() != "logits") throw;
      evaluation.report.total = std::nan("");  // logits that are not finite
    }
    if (scale == 0) addReport(result.loss, evaluation.report, share);
    result.applied = std::isfinite(evaluation.report.total);
    if (!result.applied) {
      result.loss.total = std::nan("");
      return;
    }
    const double weight = share * weightOfScale(scale, logits.size());
    if (weight != 1) evaluation.gradient.mul_(weight);
    gradients.push_back(std::move(evaluation.gradient));
  }
  torch::autograd::backward(logits, gradients);
}

void Trainer::update(const core::RunConfig& config, double learning_rate, StepResult& result) {
  const at::NoGradGuard no_gradients;
  const auto gradients = gradientsOf(parameters_);
  result.gradient_norm = normOf(gradients);
  result.applied = std::isfinite(result.gradient_norm);
  if (!result.applied) return;
  if (config.clip > 0 && result.gradient_norm > config.clip)
    at::_foreach_mul_(gradients, config.clip / result.gradient_norm);
  optimiser_->step({learning_rate, config.weight_decay, config.momentum});
}

void Trainer::updateAverage(double decay) {
  const at::NoGradGuard no_gradients;
  at::_foreach_lerp_(average_->parameters(), parameters_, 1 - decay);
  if (!statistics_.empty()) at::_foreach_lerp_(average_->buffers(), statistics_, 1 - decay);
}

at::Tensor Trainer::predict(const at::Tensor& image) {
  const at::NoGradGuard no_gradients;
  const networks::Interruption interruption(cancelled);
  const auto& network = evaluated();
  network->eval();
  const Precision precision(compute_);
  return network->forward(prepared(image, compute_)).to(at::kCPU, at::kFloat);
}

}  // namespace rind::training
