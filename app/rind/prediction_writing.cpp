#include "prediction_writing.h"

#include "rind/datasets/original_grid.h"
#include "rind/datasets/volume_io.h"

namespace rind::app {

namespace fs = std::filesystem;

fs::path probabilitiesBeside(const fs::path& output) {
  const std::string stem = datasets::volumeStem(output);
  std::string extension = output.filename().string().substr(stem.size());
  if (extension == ".seg.nrrd") extension = ".nrrd";
  return output.parent_path() / (stem + "_probabilities" + extension);
}

void writePrediction(Prediction prediction, const core::LabelSet& labels) {
  auto& image = prediction.image;
  image.image = {};  // not needed any more
  datasets::writeClassLabels(prediction.output, image.original,
                             datasets::toOriginalGrid(prediction.classes, image), labels);
  if (prediction.probabilities.empty()) return;
  const auto on_original =
      datasets::probabilitiesOnOriginalGrid(std::move(prediction.probabilities), labels.size(), image);
  datasets::writeFloats(probabilitiesBeside(prediction.output), image.original,
                        static_cast<int>(labels.size()), on_original.data());
}

double memoryToWriteProbabilities(std::size_t classes, const core::Geometry& original) {
  // On the grid, as the file's bytes, and one class on its way.
  return static_cast<double>((2 * classes + 1) * sizeof(float)) * static_cast<double>(original.size.voxels());
}

}  // namespace rind::app
