#include "rind/losses/loss_on_sums.h"

namespace rind::losses {

/// DL = (1/M) Σ_{j≥1} 1 − (2 Σpg + ε)/(Σp + Σg + ε), M foreground classes, absent ones included.
/// 1 − D_j = (Σ_{label=j} (1 − p) + Σ_{label≠j} p) / (Σp + Σg + ε): misses, in the band and in the interior,
/// and false positives, which count as interior.
LossOnSums dice(const RegionSums& sums, const LossOptions& options) {
  LossOnSums loss = emptyLoss(sums, "dl");
  const double epsilon = options.settings.effectiveEpsilon();
  const double share = 1 / sums.foregroundClasses();
  for (std::size_t j = 1; j < sums.classes.size(); ++j) {
    const ClassSums& s = sums.classes[j];
    const double numerator = 2 * s.ownProbability() + epsilon;
    const double denominator = s.elsewhere + s.ownProbability() + s.voxels() + epsilon;
    const double missed_band = s.band.voxels - s.band.probability;
    const double missed_interior = s.interior.voxels - s.interior.probability;
    addToClass(loss, j, share * missed_band / denominator,
               share * (missed_interior + s.elsewhere) / denominator);
    loss.coefficients[j] = {.everywhere = share * numerator / (denominator * denominator),
                            .band = -2 * share / denominator,
                            .interior = -2 * share / denominator};
  }
  return loss;
}

}  // namespace rind::losses
