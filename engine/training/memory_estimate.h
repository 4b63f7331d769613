#pragma once

#include <algorithm>

#include "rind/core/run_config.h"
#include "rind/training/device.h"
#include "rind/training/run_plan.h"

namespace rind::training {

/// What a training will hold at once beside the program itself, in bytes.
struct MemoryEstimate {
  /// Weights, gradients, moments, the batches cut ahead, and what a step keeps for its way back.
  double step = 0;
  /// Weights, moments, and the prediction of one window of a validation with its slab of logits.
  double validation = 0;

  double most() const { return std::max(step, validation); }
};

/// Measured rather than guessed: a step of the same network on one or two small patches, on the processor,
/// its allocations counted and the line through them followed to the plan's patch and batch. A GPU's need is
/// taken to be the same (cuDNN's work space comes on top). Takes about the time of a small step.
MemoryEstimate estimateMemory(const RunPlan& plan, const core::RunConfig& config, const Compute& compute);

/// The same of a prediction, in bytes: a pass of `batch` windows through the network beyond its weights, and
/// the logits that come of it. The volumes come on top.
double estimateWindows(const networks::NetworkSettings& network, const core::Extent3& window, int batch,
                       const Compute& compute);

/// Bytes that the device has left: the host's (core::availableMemory) or a GPU's.
double availableMemory(const Compute& compute);

}  // namespace rind::training
