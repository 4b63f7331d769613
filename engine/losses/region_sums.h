#pragma once

#include <vector>

namespace rind::losses {

/// Sums over the voxels whose label is class j, in its band or in its interior (its other voxels). There g is
/// 1, so Σp is Σp·g too.
struct RegionPart {
  double voxels = 0;
  double probability = 0;             // Σ p_j
  double cross_entropy = 0;           // Σ −log p_j
  double weighted_cross_entropy = 0;  // Σ −w log p_j, w the weight per voxel (DWCE), 0 without weights
};

struct ClassSums {
  // Σ p_j over the voxels of all other labels: kept by itself, because it is lost beside the class's own
  // voxels where a prediction is good.
  double elsewhere = 0;
  RegionPart band;
  RegionPart interior;

  double voxels() const { return band.voxels + interior.voxels; }
  double ownProbability() const { return band.probability + interior.probability; }
};

/// All that a loss needs to know of logits and labels. Sums run over batch and space together.
struct RegionSums {
  double voxels = 0;               // N
  std::vector<ClassSums> classes;  // [0] is background

  double foregroundClasses() const { return static_cast<double>(classes.size()) - 1; }  // M
};

/// What the gradient needs to know of a loss, per class j. For a voxel of label l with weight w (1 without
/// weights):
///   dL/dp_j = everywhere_j + [j = l]·(band_l or interior_l),
///   dL/dz_j = p_j (dL/dp_j − Σ_c p_c dL/dp_c) + w·(cross_entropy_band_l or …_interior_l)·(p_j − [j = l]).
struct ClassCoefficients {
  double everywhere = 0;
  double band = 0;
  double interior = 0;
  double cross_entropy_band = 0;
  double cross_entropy_interior = 0;
};

}  // namespace rind::losses
