#include "rind/training/trainer.h"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/generated/variable_factories.h>

#include <cmath>

#include "rind/core/error.h"
#include "rind/networks/interruption.h"
#include "rind/training/learning_rate.h"

namespace rind::training {

Trainer::Trainer(const networks::NetworkSettings& network, const core::RunConfig& config,
                 const Compute& compute) {
  learner_.compute = compute;
  learner_.network = networks::makeNetwork(network, config.seed);
  learner_.network->to(compute.device);
  networks::preferChannelsLast(*learner_.network);
  learner_.parameters = learner_.network->parameters();
  learner_.optimiser = std::make_shared<Optimiser>(config.optimiser, learner_.parameters);
  for (const auto& buffer : learner_.network->buffers()) {
    learner_.statistics.push_back(buffer);
    learner_.statistics_before.push_back(buffer.clone());
  }
  if (config.average != 0) {
    learner_.average = networks::copyOf(*learner_.network, network);
    learner_.average->to(compute.device);
    networks::preferChannelsLast(*learner_.average);
  }
  if (compute.late && losses::LateLoss::possible(compute.device, network.classes))
    late_ = std::make_unique<LateSteps>(learner_, network.classes);
}

StepResult Trainer::step(const std::vector<StepInput>& inputs, const core::RunConfig& config,
                         double learning_rate, std::int64_t steps_before) {
  begin(inputs, config, learning_rate, steps_before);
  return finish();
}

void Trainer::begin(const std::vector<StepInput>& inputs, const core::RunConfig& config, double learning_rate,
                    std::int64_t steps_before) {
  if (late_)
    late_->begin(inputs, config, learning_rate, steps_before, cancelled);
  else
    done_.push_back(stepNow(inputs, config, learning_rate, steps_before));
}

StepResult Trainer::finish() {
  if (late_) return late_->finish();
  StepResult result = std::move(done_.front());
  done_.pop_front();
  return result;
}

StepResult Trainer::stepNow(const std::vector<StepInput>& inputs, const core::RunConfig& config,
                            double learning_rate, std::int64_t steps_before) {
  const networks::Interruption interruption(cancelled);
  learner_.network->train();
  learner_.network->zero_grad();
  learner_.keepStatistics();
  StepResult result;
  try {
    for (const auto& input : inputs)
      addGradient(input, 1.0 / static_cast<double>(inputs.size()), config, result);
    if (result.applied) update(config, learning_rate, result);
    if (result.applied && learner_.average) updateAverage(averageDecay(config.average, steps_before));
  } catch (...) {
    learner_.restoreStatistics();
    throw;
  }
  if (!result.applied) learner_.restoreStatistics();
  return result;
}

void Trainer::addGradient(const StepInput& input, double share, const core::RunConfig& config,
                          StepResult& result) {
  if (!result.applied) return;
  const StepInput there = prepared(input, learner_.compute);
  std::vector<at::Tensor> logits, gradients;
  {
    const Precision precision(learner_.compute);
    logits = learner_.network->forwardScales(there.image);
  }
  for (std::size_t scale = 0; scale < logits.size(); ++scale) {
    losses::Evaluation evaluation;
    try {
      evaluation = losses::evaluate(logits[scale].detach(), targetOf(there.target, logits[scale]),
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
  const auto gradients = learner_.gradients();
  result.gradient_norm = normOf(gradients).item<double>();
  result.applied = std::isfinite(result.gradient_norm);
  if (!result.applied) return;
  if (config.clip > 0 && result.gradient_norm > config.clip)
    at::_foreach_mul_(gradients, config.clip / result.gradient_norm);
  learner_.optimiser->step({learning_rate, config.weight_decay, config.momentum});
}

void Trainer::updateAverage(double decay) {
  const at::NoGradGuard no_gradients;
  at::_foreach_lerp_(average()->parameters(), learner_.parameters, 1 - decay);
  if (!learner_.statistics.empty()) at::_foreach_lerp_(average()->buffers(), learner_.statistics, 1 - decay);
}

at::Tensor Trainer::predict(const at::Tensor& image) {
  const at::NoGradGuard no_gradients;
  const networks::Interruption interruption(cancelled);
  const auto& network = evaluated();
  network->eval();
  const Precision precision(learner_.compute);
  return network->forward(prepared(image, learner_.compute)).to(at::kCPU, at::kFloat);
}

}  // namespace rind::training
