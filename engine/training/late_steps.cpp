#include "rind/training/late_steps.h"

#include <ATen/ATen.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <sstream>
#include <utility>

#include "rind/core/error.h"
#include "rind/networks/interruption.h"
#include "rind/training/learning_rate.h"
#include "rind/training/memory_need.h"

namespace rind::training {
namespace {

/// By then cuDNN has chosen its algorithms, and the libraries hold their workspaces.
constexpr int kStepsBeforeRecording = 3;
/// How far two computations of one step may be apart, of their size: sums in bf16 come in any order.
constexpr double kAlike = 0.05;

std::vector<std::int64_t> shapeOf(const StepInput& input) {
  std::vector<std::int64_t> shape = input.image.sizes().vec();
  shape.push_back(input.target.weight.defined() ? 1 : 0);
  return shape;
}

bool alike(double a, double b) {
  return std::abs(a - b) <= kAlike * (std::abs(a) + std::abs(b)) / 2 + 1e-6;
}

void giveBackCached(const c10::Device& device) {
  if (!device.is_cpu()) c10::getDeviceAllocator(device.type())->emptyCache();
}

/// Whether a graph, whose memory is its own, finds room beside steps without it.
bool roomForGraph(const c10::Device& device) {
  if (device.is_cpu()) return true;
  giveBackCached(device);
  auto& allocator = *c10::getDeviceAllocator(device.type());
  const auto most = allocator.getDeviceStats(device.index())
                        .allocated_bytes[static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE)]
                        .peak;
  return static_cast<double>(allocator.getMemoryInfo(device.index()).first) > 2.2 * static_cast<double>(most);
}

at::Tensor likeIt(const at::Tensor& tensor) {
  return tensor.defined() ? at::empty_like(tensor) : tensor;
}

void refill(const at::Tensor& to, const at::Tensor& from) {
  if (to.defined()) to.copy_(to.is_cpu() ? from : pinned(from), /*non_blocking=*/true);
}

void refill(const StepInput& to, const StepInput& from) {
  refill(to.image, from.image);
  refill(to.target.labels, from.target.labels);
  refill(to.target.band, from.target.band);
  refill(to.target.weight, from.target.weight);
}

}  // namespace

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
    const bool launches = inputs.size() == 1 && recorded_ && recorded_->trusted &&
                          shapeOf(recorded_->input) == shapeOf(inputs[0]);
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

LateSteps::Pass LateSteps::launch(const StepInput& input, const core::RunConfig& config) {
  refill(recorded_->input, input);
  for (auto& loss : *recorded_->losses) loss.expect(config.loss, config.contour.include_background);
  for (std::size_t i = 0; i < learner_.parameters.size(); ++i)
    learner_.parameters[i].mutable_grad() = recorded_->gradients[i];
  recorded_->graph->launch();
  return recorded_->pass;
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

bool LateSteps::worthRecording(const std::vector<StepInput>& inputs) {
  if (!records_ || inputs.size() != 1 || !StepGraph::canRecord(learner_.compute.device)) return false;
  const auto shape = shapeOf(inputs[0]);
  alike_ = shape == last_shape_ ? alike_ + 1 : 1;
  last_shape_ = shape;
  return alike_ > kStepsBeforeRecording && !(recorded_ && shapeOf(recorded_->input) == shape);
}

/// Records, and launches once for this input; the step itself is done without the graph, so that the two can
/// be compared.
void LateSteps::record(const StepInput& input, const core::RunConfig& config) {
  try {
    waitForDevice();
    recorded_.reset();
    if (!(records_ = roomForGraph(learner_.compute.device))) return;
    auto fresh = std::make_unique<Recorded>();
    const StepInput there = prepared(input, learner_.compute);
    fresh->input = {likeIt(there.image),
                    {likeIt(there.target.labels), likeIt(there.target.band), likeIt(there.target.weight)}};
    lossAt(*fresh->losses, losses_->size() - 1);  // its memory is not the graph's
    learner_.network->zero_grad();
    {
      const networks::Interruption none({});
      fresh->graph = std::make_unique<StepGraph>(learner_.compute.device, [this, made = fresh.get()] {
        made->pass = compute({made->input}, *made->losses, nullptr);
      });
    }
    for (const auto& parameter : learner_.parameters) fresh->gradients.push_back(parameter.grad());
    recorded_ = std::move(fresh);
    const Pass pass = launch(input, config);
    waitForDevice();
    recorded_->trial.gradient_norm = pass.norm.item<double>();
    recorded_->trial.applied = pass.fault.item<double>() == 0;
    for (std::size_t scale = 0; scale < recorded_->losses->size(); ++scale) {
      const losses::LossReport report = (*recorded_->losses)[scale].take();
      if (scale == 0) recorded_->trial.loss = report;
    }
    for (const auto& gradient : learner_.gradients()) recorded_->trial_gradients.push_back(gradient.clone());
    learner_.restoreStatistics();
  } catch (const core::Interrupted&) {
    recorded_.reset();
    throw;
  } catch (...) {
    recorded_.reset();
    withoutGraphs(messageOf(std::current_exception()));
    learner_.restoreStatistics();
  }
}

/// Of the step that was the trial, now done without the graph.
void LateSteps::compareWithTrial() {
  if (!recorded_ || recorded_->trial_gradients.empty()) return;
  const at::NoGradGuard no_gradients;
  recorded_->apart = normOf(at::_foreach_sub(recorded_->trial_gradients, learner_.gradients()));
  recorded_->trial_gradients.clear();
}

void LateSteps::judge(const StepResult& result) {
  if (!recorded_ || recorded_->trusted) return;
  const StepResult trial = recorded_->trial;
  const double apart = recorded_->apart.item<double>();
  recorded_->trusted =
      trial.applied == result.applied &&
      (!result.applied || (alike(trial.loss.total, result.loss.total) &&
                           apart <= kAlike * std::max(trial.gradient_norm, result.gradient_norm)));
  if (recorded_->trusted) {
    giveBackCached(learner_.compute.device);  // what steps held before
    return;
  }
  recorded_.reset();
  std::ostringstream why;
  why << "with it the loss is " << trial.loss.total << ", without " << result.loss.total
      << "; gradients of size " << result.gradient_norm << " are " << apart << " apart";
  withoutGraphs(why.str());
}

void LateSteps::withoutGraphs(const std::string& why) {
  records_ = false;
  warning_ = "steps are not launched as a CUDA graph: " + why + "; training goes on without";
}

std::string LateSteps::takeWarning() {
  return std::exchange(warning_, {});
}

void LateSteps::waitForDevice() {
  const c10::Device& device = learner_.compute.device;
  if (!device.is_cpu()) c10::impl::VirtualGuardImpl(device.type()).getStream(device).synchronize();
}

}  // namespace rind::training
