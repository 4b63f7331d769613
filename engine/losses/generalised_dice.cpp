#include <algorithm>

#include "rind/losses/loss_on_sums.h"

namespace rind::losses {
namespace {

/// w_j = 1/V_j² over foreground classes; an absent class takes the largest weight of the present ones
/// (MONAI's convention); all 0 where no foreground is present.
std::vector<double> classWeights(const RegionSums& sums) {
  std::vector<double> weights(sums.classes.size(), 0.0);
  double largest = 0;
  for (std::size_t j = 1; j < weights.size(); ++j) {
    const double voxels = sums.classes[j].voxels();
    if (voxels > 0) weights[j] = 1 / (voxels * voxels);
    largest = std::max(largest, weights[j]);
  }
  for (std::size_t j = 1; j < weights.size(); ++j)
    if (sums.classes[j].voxels() == 0) weights[j] = largest;
  return weights;
}

}  // namespace

/// GDL = 1 − 2 Σ_j w_j Σpg / (Σ_j w_j Σ(p+g) + ε)   (Sudre et al. 2017). The weights are constants for the
/// gradient.
LossOnSums generalisedDice(const RegionSums& sums, const LossOptions& options) {
  LossOnSums loss = emptyLoss(sums, "gdl");
  const double epsilon = options.settings.effectiveEpsilon();
  const std::vector<double> weights = classWeights(sums);
  double overlap = 0;
  double denominator = epsilon;
  for (std::size_t j = 1; j < weights.size(); ++j) {
    overlap += weights[j] * sums.classes[j].ownProbability();
    denominator += weights[j] *
                   (sums.classes[j].elsewhere + sums.classes[j].ownProbability() + sums.classes[j].voxels());
  }
  for (std::size_t j = 1; j < weights.size(); ++j) {
    const ClassSums& s = sums.classes[j];
    const double share = weights[j] / denominator;
    addToClass(loss, j, share * (s.band.voxels - s.band.probability),
               share * (s.interior.voxels - s.interior.probability + s.elsewhere));
    loss.coefficients[j] = {
        .everywhere = 2 * overlap * share / denominator, .band = -2 * share, .interior = -2 * share};
  }
  // What is left of 1 after the classes' misses and false positives: ε over the denominator.
  loss.report.total += epsilon / denominator;
  loss.report.terms.front().second = loss.report.total;
  return loss;
}

}  // namespace rind::losses
