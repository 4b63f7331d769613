#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rind/core/geometry.h"
#include "rind/core/volume.h"

namespace rind::metrics {

/// What the surface of a mask is. `voxel` (MONAI's): voxels with a face neighbour outside the mask, each
/// weighing 1, distances between voxel centres. `surfel` (DeepMind's surface-distance): corners whose 8
/// voxels are not all alike, weighing the area of the surface through them in mm².
enum class Surface { voxel, surfel };

struct ScoreSettings {
  Surface surface = Surface::surfel;
  /// NSD tolerances in mm; every class gets one NSD for each.
  std::vector<double> tolerances = {1.0};
  /// Where it is not empty: one tolerance per class (index = class, 0 unused) instead of `tolerances`.
  std::vector<double> tolerance_per_class;
};

/// Scores of one class in one case. A class absent from both volumes has not-a-number everywhere but in the
/// counts; one absent from one only has dsc and nsd 0 and infinite distances.
struct ClassScore {
  int label = 0;  ///< the class, from 1
  std::uint64_t true_positives = 0;
  std::uint64_t false_positives = 0;
  std::uint64_t false_negatives = 0;
  double dsc = 0;
  std::vector<double> nsd;  ///< one per tolerance
  double hd95 = 0;          ///< mm, the larger of the two directed values
  double hd100 = 0;         ///< mm
  double assd = 0;          ///< mm, both directions pooled

  bool inReference() const { return true_positives + false_negatives > 0; }
  bool inPrediction() const { return true_positives + false_positives > 0; }
};

/// Scores of the foreground classes 1..classes-1, in order. Labels >= `classes` count as background. Exact
/// Euclidean distances within class boxes, on as many threads as memory allows; results do not depend on
/// their number. Throws InputError: sizes that differ, spacing that is not positive, a tolerance that is
/// negative or not finite.
std::vector<ClassScore> score(core::LabelView reference, core::LabelView prediction, core::Spacing spacing,
                              int classes, const ScoreSettings& settings);

/// Only counts and DSC (nsd empty, distances not a number): what validation during training needs.
std::vector<ClassScore> overlap(core::LabelView reference, core::LabelView prediction, int classes);

/// The score of a class that is in neither volume.
ClassScore absentClass(int label, std::size_t tolerances);

/// "voxel" or "surfel". Throws InputError naming --surface.
Surface parseSurface(const std::string& text);
std::string toString(Surface surface);

}  // namespace rind::metrics
