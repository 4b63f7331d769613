#include "rind/exporting/loaded_model.h"

#include <ATen/ATen.h>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/exporting/torchscript.h"
#include "rind/networks/network.h"
#include "rind/networks/weights.h"

namespace rind::exporting {
namespace {

namespace fs = std::filesystem;
using core::InputError;

ModelDescription readDescription(const fs::path& file) {
  try {
    auto model = nlohmann::json::parse(core::readFile(file)).at("model").get<ModelDescription>();
    networks::requireFits(model.network);
    return model;
  } catch (const nlohmann::json::exception&) {
    throw InputError(file.string(), "it does not describe a trained model",
                     "give the folder that rind train wrote with --out");
  } catch (const InputError& error) {
    if (error.where() == file.string()) throw;
    throw InputError(file.string(), "its model has a wrong " + error.where() + ": " + error.problem(),
                     "take run.json from a copy of the run");
  }
}

fs::path weightsOf(const fs::path& folder) {
  for (const char* name : {"best.weights", "last.weights"})
    if (fs::path file = folder / "checkpoints" / name; fs::exists(file)) return file;
  throw InputError(folder.string(), "it has no checkpoint yet",
                   "wait for the first epoch's end, or train longer");
}

}  // namespace

TrainedNetwork loadRun(const fs::path& folder) {
  TrainedNetwork run{readDescription(folder / "run.json"), nullptr, folder};
  const fs::path weights = weightsOf(folder);
  run.network = networks::makeNetwork(run.description.network, 0);
  networks::loadWeights(weights, *run.network);
  run.network->eval();
  return run;
}

LoadedModel loadModel(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored))
    throw InputError(path.string(), "there is no such model", "give a run folder or an exported file");
  if (!fs::is_directory(path)) {
    auto [description, forward] = loadTorchScript(path);
    return {std::move(description), std::move(forward)};
  }
  const auto run = loadRun(path);
  networks::preferChannelsLast(*run.network);
  return {run.description, [network = run.network](const at::Tensor& image) {
            const at::NoGradGuard no_gradients;
            return network->forward(image.contiguous(at::MemoryFormat::ChannelsLast3d));
          }};
}

}  // namespace rind::exporting
