#include "rind/training/learner.h"

#include <ATen/Functions.h>

#include <cmath>

namespace rind::training {

void Learner::keepStatistics() {
  if (!statistics.empty()) at::_foreach_copy_(statistics_before, statistics);
}

void Learner::restoreStatistics() {
  const at::NoGradGuard no_gradients;
  if (!statistics.empty()) at::_foreach_copy_(statistics, statistics_before);
}

std::vector<at::Tensor> Learner::gradients() const {
  std::vector<at::Tensor> gradients;
  for (const auto& parameter : parameters)
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  return gradients;
}

at::Tensor pinned(const at::Tensor& tensor) {
  return tensor.is_cpu() && !tensor.is_pinned() ? tensor.pin_memory() : tensor;
}

at::Tensor prepared(const at::Tensor& image, const Compute& compute) {
  if (compute.device.is_cpu()) return networks::channelsLast(image);
  return networks::channelsLast(pinned(image).to(compute.device, /*non_blocking=*/true));
}

StepInput prepared(const StepInput& input, const Compute& compute) {
  if (compute.device.is_cpu()) return {prepared(input.image, compute), input.target};
  const auto moved = [&](const at::Tensor& t) {
    return t.defined() ? pinned(t).to(compute.device, /*non_blocking=*/true) : t;
  };
  return {prepared(input.image, compute),
          {moved(input.target.labels), moved(input.target.band), moved(input.target.weight)}};
}

losses::Target targetOf(const losses::Target& target, const at::Tensor& logits) {
  const auto taken = [&](at::Tensor t) {
    if (!t.defined()) return t;
    for (std::int64_t axis = 1; axis < 4; ++axis)
      t = t.slice(axis, 0, std::nullopt, t.size(axis) / logits.size(axis + 1));
    return t.contiguous();
  };
  return {taken(target.labels), taken(target.band), taken(target.weight)};
}

double weightOfScale(std::size_t scale, std::size_t scales) {
  double sum = 0;
  for (std::size_t i = 0; i < scales; ++i) sum += std::exp2(-static_cast<double>(i));
  return std::exp2(-static_cast<double>(scale)) / sum;
}

at::Tensor normOf(const std::vector<at::Tensor>& gradients) {
  return at::linalg_vector_norm(at::stack(at::_foreach_norm(gradients, 2)));
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

}  // namespace rind::training
