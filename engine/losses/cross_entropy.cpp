#include "rind/losses/loss_on_sums.h"

namespace rind::losses {

/// CE = (1/N) Σ_i −log p_{i,label(i)}
LossOnSums crossEntropy(const RegionSums& sums, const LossOptions&) {
  return weightedCrossEntropy(sums, "ce", {});
}

}  // namespace rind::losses
