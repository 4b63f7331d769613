#pragma once

#include <memory>
#include <vector>

#include "rind/networks/network.h"
#include "rind/training/device.h"
#include "rind/training/optimiser.h"
#include "rind/training/target.h"

namespace rind::training {

/// What a step changes, and where it computes.
struct Learner {
  Compute compute;
  std::shared_ptr<networks::Network> network;
  std::shared_ptr<networks::Network> average;  // none where the weights are not averaged
  std::shared_ptr<Optimiser> optimiser;
  std::vector<at::Tensor> parameters;
  /// Running means and variances, and what they were before the step.
  std::vector<at::Tensor> statistics, statistics_before;

  void keepStatistics();
  void restoreStatistics();
  std::vector<at::Tensor> gradients() const;
};

/// One batch: image f32 [B, C, D, H, W] and what its logits are compared with.
struct StepInput {
  at::Tensor image;
  losses::Target target;
};

struct StepResult {
  /// Mean over the inputs, at full resolution (with deep supervision the coarser levels are trained beside
  /// it).
  losses::LossReport loss;
  double gradient_norm = 0;
  /// False where loss or gradient was not finite: all is as it was before the step.
  bool applied = true;
};

// Parts of a step.

/// In page-locked memory, from where a GPU copies without the host waiting for what it does before.
at::Tensor pinned(const at::Tensor& tensor);

/// On the device, channels last.
at::Tensor prepared(const at::Tensor& image, const Compute& compute);
StepInput prepared(const StepInput& input, const Compute& compute);

/// The target's voxels that the logits of a coarser level stand for: every second or fourth. The target
/// itself where they have its size.
losses::Target targetOf(const losses::Target& target, const at::Tensor& logits);

/// 1, 1/2, 1/4 … of their sum (Isensee et al. 2021).
double weightOfScale(std::size_t scale, std::size_t scales);

/// L2 over all of them, f32 [] on their device.
at::Tensor normOf(const std::vector<at::Tensor>& gradients);

/// Adds `share` of one report to a sum, which takes its terms and classes from the first.
void addReport(losses::LossReport& sum, const losses::LossReport& one, double share);

}  // namespace rind::training
