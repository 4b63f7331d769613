#include "rind/losses/loss_on_sums.h"

namespace rind::losses {

/// CEDL = CE + DL
LossOnSums crossEntropyDice(const RegionSums& sums, const LossOptions& options) {
  return crossEntropy(sums, options) + dice(sums, options);
}

}  // namespace rind::losses
