#include "rind/training/late_steps.h"

#include <ATen/ATen.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <exception>
#include <utility>

#include "rind/core/error.h"
#include "rind/networks/interruption.h"
#include "rind/training/learning_rate.h"

namespace rind::training {

LateSteps::~LateSteps() {
  try {
    waitForDevice();
  } catch (...) {  // a GPU that is gone has nothing to wait for
  }
}

void LateSteps::begin(std::vector<StepInput> inputs, const core::RunConfig& config, double learning_rate,
                      std::int64_t steps_before, const std::function<bool()>& cancelled) {
  for (auto& input : inputs) {
    if (!losses::needsWeight(config.loss.kind)) input.target.weight.reset();
    if (losses::needsWeight(config.loss.kind) && !input.target.weight.defined())
      throw core::InputError("weight", "nothing given", "give [B, D, H, W] with the logits' B, D, H and W");
  }
  const networks::Interruption interruption(cancelled);
  learner_.network->train();
  learner_.keepStatistics();
  try {
    if (worthRecording(inputs)) record(inputs[0], config);
    const bool launches = launchesGraphs() && isRecorded(inputs);
    if (launches && cancelled && cancelled()) throw core::Interrupted("stopped on request");
    const auto& losses = launches ? recorded_->losses : losses_;
    const Pass pass = launches ? launch(inputs[0], config) : compute(inputs, *losses, &config);
    compareWithTrial();
    apply(pass, config, learning_rate, steps_before);
    hand(pass, inputs.size(), losses);
  } catch (...) {
    const auto error = std::current_exception();
    try {
      abandon();
    } catch (...) {  // the device is gone; the first error says more
    }
    std::rethrow_exception(error);
  }
}

losses::LateLoss& LateSteps::lossAt(Losses& losses, std::size_t scale) {
  while (losses.size() <= scale) losses.emplace_back(learner_.compute.device, classes_);
  return losses[scale];
}

LateSteps::Pass LateSteps::compute(const std::vector<StepInput>& inputs, Losses& losses,
                                   const core::RunConfig* expected) {
  learner_.network->zero_grad();
  std::vector<at::Tensor> faults;
  for (const auto& given : inputs) {
    const StepInput input = prepared(given, learner_.compute);
    std::vector<at::Tensor> logits, gradients;
    {
      const Precision precision(learner_.compute);
      logits = learner_.network->forwardScales(input.image);
    }
    for (std::size_t scale = 0; scale < logits.size(); ++scale) {
      const losses::Target target = targetOf(input.target, logits[scale]);
      losses::LateLoss& loss = lossAt(losses, scale);
      if (expected) loss.expect(expected->loss, expected->contour.include_background);
      auto enqueued = loss.evaluate(logits[scale].detach(), target);
      const double weight = weightOfScale(scale, logits.size()) / static_cast<double>(inputs.size());
      if (weight != 1) enqueued.gradient.mul_(weight);
      gradients.push_back(std::move(enqueued.gradient));
      faults.push_back(std::move(enqueued.fault));
    }
    torch::autograd::backward(logits, gradients);
  }
  const at::NoGradGuard no_gradients;
  Pass pass;
  pass.norm = normOf(learner_.gradients());
  pass.fault = at::maximum(at::cat(faults).max(), at::isfinite(pass.norm).logical_not().to(at::kFloat));
  const at::Tensor faulty = pass.fault.gt(0);
  std::vector<at::Tensor> kept;
  for (std::size_t i = 0; i < learner_.statistics.size(); ++i)
    kept.push_back(at::where(faulty, learner_.statistics_before[i], learner_.statistics[i]));
  if (!kept.empty()) at::_foreach_copy_(learner_.statistics, kept);
  return pass;
}

void LateSteps::apply(const Pass& pass, const core::RunConfig& config, double learning_rate,
                      std::int64_t steps_before) {
  const at::NoGradGuard no_gradients;
  if (config.clip > 0)
    at::_foreach_mul_(learner_.gradients(), at::clamp_max(at::reciprocal(pass.norm) * config.clip, 1));
  learner_.optimiser->step({learning_rate, config.weight_decay, config.momentum}, pass.fault);
  if (!learner_.average) return;
  const at::Tensor share = (1 - pass.fault) * (1 - averageDecay(config.average, steps_before));
  const auto approach = [&share](const std::vector<at::Tensor>& average, const std::vector<at::Tensor>& now) {
    if (average.empty()) return;
    const auto way = at::_foreach_sub(now, average);
    at::_foreach_mul_(way, share);
    at::_foreach_add_(average, way);
  };
  approach(learner_.average->parameters(), learner_.parameters);
  approach(learner_.average->buffers(), learner_.statistics);
}

/// The numbers are on their way when it returns.
void LateSteps::hand(const Pass& pass, std::size_t inputs, std::shared_ptr<Losses> losses) {
  const c10::Device& device = learner_.compute.device;
  const at::Tensor numbers = at::stack({pass.norm, pass.fault});
  Begun begun{inputs, std::move(losses),
              at::empty({2}, at::TensorOptions(at::kFloat).pinned_memory(!device.is_cpu()))};
  begun.numbers.copy_(numbers, /*non_blocking=*/true);
  if (!device.is_cpu()) {
    begun.done.emplace(device.type());
    begun.done->record(c10::impl::VirtualGuardImpl(device.type()).getStream(device));
  }
  begun.after_trial = recorded_ && !recorded_->trusted;
  begun_.push_back(std::move(begun));
}

StepResult LateSteps::finish() {
  const Begun begun = std::move(begun_.front());
  begun_.pop_front();
  if (begun.done) begun.done->synchronize();
  StepResult result;
  const auto* numbers = begun.numbers.const_data_ptr<float>();
  result.gradient_norm = static_cast<double>(numbers[0]);
  result.applied = numbers[1] == 0;
  bool finite = true;
  for (std::size_t i = 0; i < begun.inputs; ++i) {
    for (std::size_t scale = 0; scale < begun.losses->size(); ++scale) {
      const losses::LossReport report = (*begun.losses)[scale].take();
      finite = finite && std::isfinite(report.total);
      if (scale == 0 && finite) addReport(result.loss, report, 1.0 / static_cast<double>(begun.inputs));
    }
  }
  if (!finite) result.loss.total = std::nan("");
  if (begun.after_trial) judge(result);
  return result;
}

/// What was enqueued of the step is done, and nothing of it is left.
void LateSteps::abandon() {
  waitForDevice();
  learner_.restoreStatistics();
  if (recorded_ && !recorded_->trusted) recorded_.reset();  // its trial was of this step
  for (const auto& set : {losses_, recorded_ ? recorded_->losses : nullptr}) {
    if (!set) continue;
    std::size_t kept = 0;
    for (const auto& begun : begun_) kept += begun.losses == set ? begun.inputs : 0;
    for (auto& loss : *set) loss.forget(kept);
  }
}

std::string LateSteps::takeWarning() {
  return std::exchange(warning_, {});
}

void LateSteps::waitForDevice() {
  const c10::Device& device = learner_.compute.device;
  if (!device.is_cpu()) c10::impl::VirtualGuardImpl(device.type()).getStream(device).synchronize();
}

}  // namespace rind::training
