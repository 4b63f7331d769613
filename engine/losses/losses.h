#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <utility>
#include <vector>

#include "rind/core/loss_settings.h"
#include "rind/core/volume.h"

namespace rind::losses {

/// What the logits are compared with. All three are constants for the gradient.
struct Target {
  /// uint8 [B, D, H, W], class indices in 0..C−1.
  at::Tensor labels;
  /// uint8 [B, D, H, W]: 1 where a voxel lies in the band of its own class, the background's band included
  /// (which losses count the background's band is the loss's business).
  at::Tensor band;
  /// float32 or float64 [B, D, H, W], DWCE's weights (see distanceWeights); undefined for the other losses.
  at::Tensor weight;
};

/// How one class contributes, split into its own band and all else ("interior", with the false positives that
/// the class has elsewhere). Summed over classes, contour + interior is the loss (GDL: but for ε over its
/// denominator).
struct ClassPart {
  double contour = 0;
  double interior = 0;
  /// Σ |dL/dlogits| over the class's voxels in its band and in its interior, all channels. 0 until
  /// addGradientShares.
  double gradient_contour = 0;
  double gradient_interior = 0;
};

struct LossReport {
  double total = 0;
  /// Named summands of `total`, e.g. {"sdl", …}, {"cwce", …} for CWCD.
  std::vector<std::pair<std::string, double>> terms;
  /// [0] is background.
  std::vector<ClassPart> classes;
};

struct Evaluation {
  LossReport report;
  /// dL/dlogits with the logits' shape, dtype, device and memory format; undefined where it was not asked
  /// for.
  at::Tensor gradient;
};

/// One of the eight losses of `docs/method.md` on logits [B, C, D, H, W] (float32, bfloat16 or float64), its
/// terms and, where asked for, its gradient. Sums run over batch and space together. Needs no autograd: in
/// training call `logits.backward(evaluation.gradient)`. On the CPU float32 and bfloat16 run in one fused
/// kernel (contiguous or channels-last), all else in plain LibTorch calls. `include_background`: whether the
/// background's band weighs in the cross entropy ("authors" always includes it). Throws core::InputError:
/// shapes or types that do not fit, labels ≥ C, logits that are not finite (named with the voxel), settings
/// outside their range, DWCE without weights.
Evaluation evaluate(const at::Tensor& logits, const Target& target, const core::LossSettings& settings,
                    bool include_background, bool want_gradient);

/// The same in plain LibTorch calls, on any device and dtype: the truth in tests.
Evaluation evaluateComposed(const at::Tensor& logits, const Target& target,
                            const core::LossSettings& settings, bool include_background, bool want_gradient);

/// Whether a loss needs Target::weight.
bool needsWeight(core::LossKind kind);

/// Fills gradient_contour and gradient_interior of every class from `evaluation.gradient` (one more pass over
/// it).
void addGradientShares(Evaluation& evaluation, const Target& target);

/// DWCE's weights for one label volume: w = 1 + w0·exp(−(d₁+d₂)²/(2σ²)), d₁ ≤ d₂ the exact Euclidean
/// distances in voxels to the nearest borders of two different foreground classes. T is float or double.
/// Method, "Losses" (Ronneberger et al. 2015).
template <class T = float>
core::Volume<T> distanceWeights(core::LabelView labels, int classes, double w0, double sigma);

}  // namespace rind::losses
