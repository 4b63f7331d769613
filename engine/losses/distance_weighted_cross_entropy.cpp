#include "rind/losses/loss_on_sums.h"

namespace rind::losses {

/// DWCE = (1/N) Σ_i w_i · (−log p_{i,label(i)}), w from distanceWeights; divided by N, not by the sum of
/// weights.
LossOnSums distanceWeightedCrossEntropy(const RegionSums& sums, const LossOptions&) {
  LossOnSums loss = emptyLoss(sums, "dwce");
  for (std::size_t j = 0; j < sums.classes.size(); ++j) {
    addToClass(loss, j, sums.classes[j].band.weighted_cross_entropy / sums.voxels,
               sums.classes[j].interior.weighted_cross_entropy / sums.voxels);
    loss.coefficients[j].cross_entropy_band = 1 / sums.voxels;
    loss.coefficients[j].cross_entropy_interior = 1 / sums.voxels;
  }
  return loss;
}

}  // namespace rind::losses
