#include "rind/losses/late_loss.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <mutex>

#include "rind/core/error.h"
#include "rind/losses/cuda/region_passes.h"
#include "rind/losses/cuda/region_tile.h"
#include "rind/losses/fused.h"
#include "rind/losses/gradient_tables.h"
#include "rind/losses/input_checks.h"
#include "rind/losses/loss_on_sums.h"

namespace rind::losses {
namespace {

struct Expected {
  core::LossSettings settings;
  bool include_background = false;
};

struct Outcome {
  LossReport report;
  bool label_beyond = false;
};

bool isFinite(const LossOnSums& loss) {
  return std::isfinite(loss.report.total);
}

LossOnSums notFinite(std::size_t classes) {
  LossOnSums loss;
  loss.report.total = std::numeric_limits<double>::quiet_NaN();
  loss.coefficients.resize(classes);
  return loss;
}

}  // namespace

/// Where the sums come by: who waits for reports and the driver's thread meet here.
struct LateLoss::Desk {
  std::mutex mutex;
  std::deque<Expected> expected;
  std::deque<Outcome> outcomes;
  cuda::HostDesk passage;

  /// The loss that is next expected, on these sums.
  LossOnSums answer(const RegionSums& sums, int faults) {
    const std::lock_guard lock(mutex);
    LossOnSums loss = notFinite(sums.classes.size());
    if (faults == cuda::kNone && !expected.empty()) {
      const Expected& next = expected.front();
      loss = lossEntry(next.settings.kind).function(sums, {next.settings, next.include_background});
    }
    if (!expected.empty()) expected.pop_front();
    outcomes.push_back({loss.report, (faults & cuda::kLabelBeyond) != 0});
    return loss;
  }

  /// On the driver's thread. The table's last place says whether there is no finite loss.
  static void pass(void* self) {
    auto& desk = *static_cast<Desk*>(self);
    float* const table = desk.passage.table.mutable_data_ptr<float>();
    const std::int64_t count = desk.passage.table.numel();
    std::fill_n(table, count, 0.0f);
    table[count - 1] = 1;
    try {
      const cuda::HostSums read =
          cuda::readSums(desk.passage.sums.const_data_ptr<double>(), (count - 1) / kTableValuesPerClass);
      const LossOnSums loss = desk.answer(read.sums, read.faults);
      const std::vector<float> values = tableValues(loss.coefficients);
      std::copy(values.begin(), values.end(), table);
      table[count - 1] = isFinite(loss) ? 0 : 1;
    } catch (...) {  // nothing may leave a driver's thread: the step counts as one without a finite loss
    }
  }
};

LateLoss::LateLoss(const c10::Device& device, std::int64_t classes) : desk_(std::make_unique<Desk>()) {
  if (device.is_cpu()) return;
  const auto memory = at::TensorOptions(at::kFloat).pinned_memory(true);
  desk_->passage = {at::empty({cuda::sumCount(classes)}, memory.dtype(at::kDouble)),
                    at::empty({kTableValuesPerClass * classes + 1}, memory), Desk::pass, desk_.get()};
}
LateLoss::~LateLoss() = default;

bool LateLoss::possible(const c10::Device& device, std::int64_t classes) {
  const at::Tensor logits = at::empty({1, classes, 1, 1, 1}, at::TensorOptions(device).dtype(at::kFloat));
  return device.is_cpu() ? fusedTakes(logits) : cuda::takes(logits);
}

void LateLoss::expect(const core::LossSettings& settings, bool include_background) {
  core::validate(settings);
  const std::lock_guard lock(desk_->mutex);
  desk_->expected.push_back({settings, include_background});
}

LateLoss::Enqueued LateLoss::evaluate(const at::Tensor& given, const Target& target) {
  const c10::NoGradGuard no_graph;
  const at::Tensor logits = isChannelsLast(given) ? given : given.contiguous();
  const bool weighted = target.weight.defined();
  checkShapes(logits, target, weighted);
  at::Tensor gradient = at::empty_like(logits);
  if (!logits.is_cpu()) {
    const at::Tensor table = cuda::sumsThenGradient(logits, target, weighted, desk_->passage, gradient);
    return {gradient, table.slice(0, table.numel() - 1, table.numel())};
  }
  RegionSums sums;
  sums.classes.resize(static_cast<std::size_t>(logits.size(1)));
  int faults = cuda::kNone;
  try {
    sums = fusedSums(logits, target, weighted, gradient);
  } catch (const core::InputError& error) {
    faults = error.where() == "labels" ? cuda::kLabelBeyond : cuda::kNotFinite;
  }
  const LossOnSums loss = desk_->answer(sums, faults);
  if (faults == cuda::kNone)
    fusedGradient(logits, target, weighted, loss.coefficients, gradient);
  else
    gradient.zero_();
  return {gradient, at::full({1}, isFinite(loss) ? 0 : 1, at::kFloat)};
}

LossReport LateLoss::take() {
  const std::lock_guard lock(desk_->mutex);
  if (desk_->outcomes.empty()) throw std::logic_error("a loss was taken before the device came to it");
  const Outcome outcome = std::move(desk_->outcomes.front());
  desk_->outcomes.pop_front();
  if (outcome.label_beyond)
    throw core::InputError("labels", "there is one beyond the classes",
                           "labels have to be 0 to the number of classes less 1");
  return outcome.report;
}

void LateLoss::forget(std::size_t kept) {
  const std::lock_guard lock(desk_->mutex);
  desk_->expected.clear();
  if (desk_->outcomes.size() > kept) desk_->outcomes.resize(kept);
}

}  // namespace rind::losses
