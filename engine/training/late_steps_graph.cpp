// The half of LateSteps that records steps as a CUDA graph, tries it, and launches it.
#include <ATen/ATen.h>
#include <c10/core/CachingDeviceAllocator.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <sstream>

#include "rind/core/error.h"
#include "rind/networks/interruption.h"
#include "rind/training/late_steps.h"
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

bool LateSteps::isRecorded(const std::vector<StepInput>& inputs) const {
  return recorded_ && inputs.size() == 1 && shapeOf(recorded_->input) == shapeOf(inputs[0]);
}

bool LateSteps::worthRecording(const std::vector<StepInput>& inputs) {
  if (!records_ || inputs.size() != 1 || !StepGraph::canRecord(learner_.compute.device)) return false;
  const auto shape = shapeOf(inputs[0]);
  alike_ = shape == last_shape_ ? alike_ + 1 : 1;
  last_shape_ = shape;
  return alike_ > kStepsBeforeRecording && !isRecorded(inputs);
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

LateSteps::Pass LateSteps::launch(const StepInput& input, const core::RunConfig& config) {
  refill(recorded_->input, input);
  for (auto& loss : *recorded_->losses) loss.expect(config.loss, config.contour.include_background);
  for (std::size_t i = 0; i < learner_.parameters.size(); ++i)
    learner_.parameters[i].mutable_grad() = recorded_->gradients[i];
  recorded_->graph->launch();
  return recorded_->pass;
}

}  // namespace rind::training
