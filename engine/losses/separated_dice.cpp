#include "rind/losses/loss_on_sums.h"

namespace rind::losses {

/// SDL = (1/M) Σ_{j≥1} [ λ (1 − D_j^c) + (1−λ) (1 − D_j^n) ]: D_j^c is the Dice over the voxels of the
/// class's band C_j, D_j^n over all other voxels of the volume, other classes' bands included. With both sums
/// empty a Dice is ε/ε = 1. 1 − D = misses (and, outside C_j, false positives) / denominator.
LossOnSums separatedDice(const RegionSums& sums, const LossOptions& options) {
  LossOnSums loss = emptyLoss(sums, "sdl");
  const double epsilon = options.settings.effectiveEpsilon();
  const double contour_share = options.settings.lambda / sums.foregroundClasses();
  const double rest_share = (1 - options.settings.lambda) / sums.foregroundClasses();
  for (std::size_t j = 1; j < sums.classes.size(); ++j) {
    const RegionPart& band = sums.classes[j].band;
    const RegionPart& interior = sums.classes[j].interior;
    const double rest_probability = sums.classes[j].elsewhere + interior.probability;  // Σp outside C_j
    const double band_numerator = 2 * band.probability + epsilon;
    const double band_denominator = band.probability + band.voxels + epsilon;
    const double rest_numerator = 2 * interior.probability + epsilon;
    const double rest_denominator = rest_probability + interior.voxels + epsilon;
    addToClass(
        loss, j, contour_share * (band.voxels - band.probability) / band_denominator,
        rest_share * (sums.classes[j].elsewhere + interior.voxels - interior.probability) / rest_denominator);
    ClassCoefficients& c = loss.coefficients[j];
    c.everywhere = rest_share * rest_numerator / (rest_denominator * rest_denominator);
    c.interior = -2 * rest_share / rest_denominator;
    // In C_j the derivative is that of D_j^c alone, so `everywhere` is taken off again.
    c.band =
        -contour_share * (2 / band_denominator - band_numerator / (band_denominator * band_denominator)) -
        c.everywhere;
  }
  return loss;
}

}  // namespace rind::losses
