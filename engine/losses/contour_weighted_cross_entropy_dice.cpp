#include "rind/losses/loss_on_sums.h"

namespace rind::losses {
namespace {

/// 1 − D_c or 1 − D_n of the authors' code: the foreground classes pooled into one sum.
struct PooledDice {
  double numerator = 0;
  double denominator = 0;

  explicit PooledDice(double epsilon) : numerator(epsilon), denominator(epsilon) {}
  double slope() const { return numerator / (denominator * denominator); }  // −d(1/denominator)·numerator
};

/// Σ over foreground classes of C_j: D_c = (2 Σ_{C} p + ε)/(Σ_C p + Σ_C 1 + ε).
LossOnSums pooledContourDice(const RegionSums& sums, double epsilon) {
  LossOnSums loss = emptyLoss(sums, "contour_dice");
  PooledDice pooled(epsilon);
  for (std::size_t j = 1; j < sums.classes.size(); ++j) {
    pooled.numerator += 2 * sums.classes[j].band.probability;
    pooled.denominator += sums.classes[j].band.probability + sums.classes[j].band.voxels;
  }
  for (std::size_t j = 1; j < sums.classes.size(); ++j) {
    const RegionPart& band = sums.classes[j].band;
    addToClass(loss, j, (band.voxels - band.probability) / pooled.denominator, 0);
    loss.coefficients[j].band = pooled.slope() - 2 / pooled.denominator;
  }
  return loss;
}

/// The same over each class's voxels outside its band: D_n = (2 Σ pg + ε)/(Σ p + Σ g + ε).
LossOnSums pooledRestDice(const RegionSums& sums, double epsilon) {
  LossOnSums loss = emptyLoss(sums, "rest_dice");
  PooledDice pooled(epsilon);
  for (std::size_t j = 1; j < sums.classes.size(); ++j) {
    const ClassSums& s = sums.classes[j];
    pooled.numerator += 2 * s.interior.probability;
    pooled.denominator += s.elsewhere + s.interior.probability + s.interior.voxels;
  }
  for (std::size_t j = 1; j < sums.classes.size(); ++j) {
    const ClassSums& s = sums.classes[j];
    addToClass(loss, j, 0, (s.elsewhere + s.interior.voxels - s.interior.probability) / pooled.denominator);
    loss.coefficients[j].everywhere = pooled.slope();
    loss.coefficients[j].interior = -2 / pooled.denominator;
    loss.coefficients[j].band = -pooled.slope();
  }
  return loss;
}

}  // namespace

/// Paper: CWCD = SDL + CWCE (Eq. 11).
/// Authors' code: mean((1 + αc)·CE) + mean(CE) with the background's band, plus both pooled Dice losses
/// without λ.
LossOnSums contourWeightedCrossEntropyDice(const RegionSums& sums, const LossOptions& options) {
  if (options.settings.preset == core::Preset::paper)
    return separatedDice(sums, options) + contourWeightedCrossEntropy(sums, options);
  const double epsilon = options.settings.effectiveEpsilon();
  // (1 + αc) + 1 = 2·(1 + (α/2)c)
  return weightedCrossEntropy(
             sums, "cross_entropy",
             {.alpha = options.settings.alpha / 2, .include_background = true, .factor = 2}) +
         pooledContourDice(sums, epsilon) + pooledRestDice(sums, epsilon);
}

}  // namespace rind::losses
