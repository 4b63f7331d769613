#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include "rind/losses/composed.h"
#include "rind/losses/cuda/region_passes.h"
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

}  // namespace

Evaluation evaluateComposed(const at::Tensor& logits, const Target& target,
                            const core::LossSettings& settings, bool include_background, bool want_gradient) {
  const c10::NoGradGuard no_graph;
  core::validate(settings);
  checkShapes(logits, target, lossEntry(settings.kind).needs_weight);
  refuseLabelsBeyond(target.labels, logits.size(1));
  refuseNotFinite(logits);
  const LossEntry& loss = lossEntry(settings.kind);
  const LossOnSums result =
      loss.function(composedSums(logits, target, loss.needs_weight), {settings, include_background});
  if (!want_gradient) return {result.report, {}};
  return {result.report, composedGradient(logits, target, loss.needs_weight, result.coefficients)};
}

Evaluation evaluate(const at::Tensor& logits, const Target& target, const core::LossSettings& settings,
                    bool include_background, bool want_gradient) {
  const bool on_gpu = cuda::takes(logits);
  if (!on_gpu && !fusedTakes(logits))
    return evaluateComposed(logits, target, settings, include_background, want_gradient);
  const c10::NoGradGuard no_graph;
  core::validate(settings);
  checkShapes(logits, target, lossEntry(settings.kind).needs_weight);
  const LossEntry& loss = lossEntry(settings.kind);
  const at::Tensor gradient = want_gradient ? at::empty_like(logits) : at::Tensor();
  const auto sums = on_gpu ? cuda::sums : fusedSums;
  const auto write_gradient = on_gpu ? cuda::gradient : fusedGradient;
  const LossOnSums result =
      loss.function(sums(logits, target, loss.needs_weight, gradient), {settings, include_background});
  if (want_gradient) write_gradient(logits, target, loss.needs_weight, result.coefficients, gradient);
  return {result.report, gradient};
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
