#pragma once

#include <c10/core/Device.h>

#include <filesystem>
#include <memory>

#include "rind/exporting/model_description.h"
#include "rind/inference/sliding_window.h"

namespace rind::networks {
class Network;
}

namespace rind::exporting {

/// A model ready to predict with, in float32, evaluation mode, without gradients.
struct LoadedModel {
  ModelDescription description;
  inference::Forward forward;
  /// Empty, or a sentence that says why the weights are not the best epoch's.
  std::string warning;
};

/// `path` is a run folder (run.json with "model", checkpoints/best.weights; where that is missing or
/// damaged, the last good checkpoint) or a TorchScript file by exportTorchScript. Throws InputError naming
/// the file that is missing or damaged.
LoadedModel loadModel(const std::filesystem::path& path, c10::Device device = c10::kCPU);

/// A run folder's network with its best weights (as loadModel finds them), and what run.json says of it: what
/// exports start from.
struct TrainedNetwork {
  ModelDescription description;
  std::shared_ptr<networks::Network> network;
  /// Where it was trained: run.json, events.jsonl, scores.csv.
  std::filesystem::path folder;
  /// The file in checkpoints/ that was read; empty, or a sentence that says why it is not best.weights.
  std::string weights;
  std::string warning;

  bool hasBestWeights() const { return weights == "best.weights"; }
};
TrainedNetwork loadRun(const std::filesystem::path& folder);

}  // namespace rind::exporting
