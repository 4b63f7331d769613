#pragma once

#include <filesystem>
#include <memory>

#include "rind/exporting/model_description.h"
#include "rind/inference/sliding_window.h"

namespace rind::networks {
class Network;
}

namespace rind::exporting {

/// A model ready to predict with, on the CPU in float32, evaluation mode, without gradients.
struct LoadedModel {
  ModelDescription description;
  inference::Forward forward;
};

/// `path` is a run folder (run.json with "model", checkpoints/best.weights, or last.weights where there is no
/// best yet) or a TorchScript file by exportTorchScript. Throws InputError naming the file that is missing or
/// damaged.
LoadedModel loadModel(const std::filesystem::path& path);

/// A run folder's network with its best weights, and what run.json says of it: what exports start from.
struct TrainedNetwork {
  ModelDescription description;
  std::shared_ptr<networks::Network> network;
  /// Where it was trained: run.json, events.jsonl, scores.csv.
  std::filesystem::path folder;
};
TrainedNetwork loadRun(const std::filesystem::path& folder);

}  // namespace rind::exporting
