#pragma once

#include <string>
#include <utility>
#include <vector>

#include "rind/core/contour_settings.h"
#include "rind/core/loss_settings.h"
#include "rind/core/npy.h"

namespace rind::losses {

enum class Precision { fp32, fp64 };

struct ArrayLossSettings {
  core::LossSettings loss;
  core::ContourSettings contour;
  Precision precision = Precision::fp64;
  bool want_gradient = false;
};

struct ArrayLoss {
  double value = 0;
  std::vector<std::pair<std::string, double>> terms;
  /// "f4" or "f8" by precision, the logits' shape; without bytes where it was not asked for.
  core::NpyArray gradient;
};

/// A loss of logits [B, C, D, H, W] and labels [B, D, H, W] of any number type. Bands and weights are made
/// from the labels, sample by sample. float32 runs the code that training runs, float64 the plain one. Throws
/// core::InputError, `where` being "logits" or "labels" (see evaluate), or too little memory.
ArrayLoss lossOfArrays(const core::NpyArray& logits, const core::NpyArray& labels,
                       const ArrayLossSettings& settings);

}  // namespace rind::losses
