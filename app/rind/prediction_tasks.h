#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "rind/datasets/data_set.h"

namespace rind::app {

/// One image to predict, and where its labels go.
struct PredictionTask {
  datasets::CaseFiles files;
  std::filesystem::path output;
};

struct PredictionPlaces {
  std::string input;
  std::string output;
  /// Extension of files in an output folder, such as ".nii.gz".
  std::string format = ".nii.gz";
};

struct PredictionTasks {
  std::vector<PredictionTask> tasks;
  /// The channels' names, in order, where a data set has them.
  std::vector<std::string> channels;
};

/// A volume, a DICOM series, or each image of a folder or data set. Where the model wants several channels
/// and a folder has them one a file, NAME_0000, NAME_0001 … are one image. Throws InputError, also
/// where the output is in a format that is only read.
PredictionTasks predictionTasks(const PredictionPlaces& places, int channels);

}  // namespace rind::app
