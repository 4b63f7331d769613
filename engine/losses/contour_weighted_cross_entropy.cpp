#include "rind/losses/loss_on_sums.h"

namespace rind::losses {

/// CWCE = (1/N) Σ_i (1 + α c_i) · (−log p_{i,label(i)})   (Eq. 10), divided by N, not by the sum of weights.
LossOnSums contourWeightedCrossEntropy(const RegionSums& sums, const LossOptions& options) {
  return weightedCrossEntropy(
      sums, "cwce", {.alpha = options.settings.alpha, .include_background = options.include_background});
}

}  // namespace rind::losses
