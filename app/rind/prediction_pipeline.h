#pragma once

#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "prediction_tasks.h"
#include "rind/exporting/loaded_model.h"
#include "rind/inference/sliding_window.h"
#include "rind/training/device.h"

namespace rind::app {

struct PredictionSettings {
  inference::SlidingWindow window;
  bool probabilities = false;
  /// Each file's name to standard output as it is written.
  bool say_outputs = true;
  training::Compute compute;
};

struct PredictedCase {
  std::string id;
  std::filesystem::path output;
  /// Empty, or why there is no output.
  std::string error;
  std::exception_ptr exception;
};

/// Predicts every image while the next one is read and the one before is written. An image that cannot be
/// used does not keep the others from being predicted. Throws core::Interrupted on Ctrl-C: what was written
/// until then is whole.
std::vector<PredictedCase> predictAll(const exporting::LoadedModel& model,
                                      const std::vector<PredictionTask>& tasks,
                                      const PredictionSettings& settings);

}  // namespace rind::app
