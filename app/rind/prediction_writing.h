#pragma once

#include <filesystem>
#include <vector>

#include "rind/core/label_set.h"
#include "rind/datasets/preparation.h"

namespace rind::app {

/// What a network said of one image, on the network's grid; `image` knows the way back.
struct Prediction {
  datasets::PreparedImage image;
  core::LabelVolume classes;
  /// Softmax, [classes, z, y, x]; empty where nobody asked.
  std::vector<float> probabilities;
  std::filesystem::path output;
};

/// "a/case_probabilities.nii.gz" beside "a/case.nii.gz".
std::filesystem::path probabilitiesBeside(const std::filesystem::path& output);

/// Writes the labels, by their values, on the image's own grid, and the probabilities beside them on the same
/// grid. `prediction` is used up.
void writePrediction(Prediction prediction, const core::LabelSet& labels);

/// The most memory that writing asks for beside `prediction`, in bytes.
double memoryToWriteProbabilities(std::size_t classes, const core::Geometry& original);

}  // namespace rind::app
