#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include "rind/losses/composed.h"
#include "rind/losses/fused.h"
#include "rind/losses/input_checks.h"
#include "rind/losses/loss_on_sums.h"
#include "rind/losses/losses.h"

namespace rind::losses {
namespace {

/// Σ over channels of |gradient|, by the voxels' class and band, in one pass.
void sumShares(const at::Tensor& magnitude, const Target& target, std::vector<ClassPart>& classes) {
  const auto* size = magnitude.const_data_ptr<float>();
  const auto* label = target.labels.const_data_ptr<std::uint8_t>();
  const auto* band = target.band.const_data_ptr<std::uint8_t>();
  for (auto& part : classes) part.gradient_contour = part.gradient_interior = 0;
  for (std::int64_t i = 0; i < magnitude.numel(); ++i) {
    if (label[i] >= classes.size()) continue;
    auto& part = classes[label[i]];
    (band[i] != 0 ? part.gradient_contour : part.gradient_interior) += static_cast<double>(size[i]);
  }
}

struct Ways {
  decltype(&fusedSums) sums;
  decltype(&fusedGradient) gradient;
};

Evaluation evaluateWith(const Ways& ways, const at::Tensor& logits, const Target& target,
                        const LossOptions& options, bool want_gradient) {
  const LossEntry& loss = lossEntry(options.settings.kind);
  const LossOnSums result = loss.function(ways.sums(logits, target, loss.needs_weight), options);
  Evaluation evaluation{result.report, {}};
  if (want_gradient)
    evaluation.gradient = ways.gradient(logits, target, loss.needs_weight, result.coefficients);
  return evaluation;
}

}  // namespace

Evaluation evaluateComposed(const at::Tensor& logits, const Target& target,
                            const core::LossSettings& settings, bool include_background, bool want_gradient) {
  const c10::NoGradGuard no_graph;
  core::validate(settings);
  checkShapes(logits, target, lossEntry(settings.kind).needs_weight);
  refuseLabelsBeyond(target.labels, logits.size(1));
  refuseNotFinite(logits);
  return evaluateWith({composedSums, composedGradient}, logits, target, {settings, include_background},
                      want_gradient);
}

Evaluation evaluate(const at::Tensor& logits, const Target& target, const core::LossSettings& settings,
                    bool include_background, bool want_gradient) {
  if (!fusedTakes(logits))
    return evaluateComposed(logits, target, settings, include_background, want_gradient);
  const c10::NoGradGuard no_graph;
  core::validate(settings);
  checkShapes(logits, target, lossEntry(settings.kind).needs_weight);
  return evaluateWith({fusedSums, fusedGradient}, logits, target, {settings, include_background},
                      want_gradient);
}

void addGradientShares(Evaluation& evaluation, const Target& target) {
  const c10::NoGradGuard no_graph;
  const at::Tensor& gradient = evaluation.gradient;
  if (gradient.is_cpu() && gradient.scalar_type() != at::kDouble && target.labels.is_contiguous() &&
      target.band.is_contiguous()) {
    sumShares(gradient.abs().sum(1, false, at::kFloat).contiguous(), target, evaluation.report.classes);
    return;
  }
  const at::Tensor magnitude = gradient.abs().sum(1, false, gradient.is_mps() ? at::kFloat : at::kDouble);
  const at::Tensor banded = target.band.ne(0);
  for (std::size_t j = 0; j < evaluation.report.classes.size(); ++j) {
    const at::Tensor own = magnitude * target.labels.eq(static_cast<std::int64_t>(j));
    const double all = own.sum().item<double>();
    const double contour = (own * banded).sum().item<double>();
    evaluation.report.classes[j].gradient_contour = contour;
    evaluation.report.classes[j].gradient_interior = all - contour;
  }
}

}  // namespace rind::losses
