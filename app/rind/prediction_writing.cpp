#include "prediction_writing.h"

#include "rind/datasets/original_grid.h"
#include "rind/datasets/volume_io.h"

namespace rind::app {
namespace {

namespace fs = std::filesystem;

/// A class index becomes the number that the data set's own files have for it.
void toValues(core::LabelVolume& classes, const core::LabelSet& labels) {
  for (auto& voxel : classes.voxels) voxel = static_cast<std::uint8_t>(labels.at(voxel).value);
}

}  // namespace

fs::path probabilitiesBeside(const fs::path& output) {
  const std::string stem = datasets::volumeStem(output);
  std::string extension = output.filename().string().substr(stem.size());
  if (extension == ".seg.nrrd") extension = ".nrrd";
  return output.parent_path() / (stem + "_probabilities" + extension);
}

void writePrediction(Prediction prediction, const core::LabelSet& labels) {
  auto& image = prediction.image;
  image.image = {};  // not needed any more
  core::LabelVolume values = datasets::toOriginalGrid(prediction.classes, image);
  toValues(values, labels);
  datasets::writeSegmentation(prediction.output, image.original, values, labels);
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
