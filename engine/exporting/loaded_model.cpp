#include "rind/exporting/loaded_model.h"

#include <ATen/ATen.h>

#include <tuple>

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

/// Files that hold weights to predict with, in the order of preference, and what their names there begin
/// with.
struct Source {
  const char* file;
  const char* prefix;
};
constexpr Source kSources[] = {{"best.weights", ""},
                               {"last.checkpoint", "average."},
                               {"last.checkpoint", "network."},
                               {"previous.checkpoint", "average."},
                               {"previous.checkpoint", "network."},
                               {"epoch.checkpoint", "average."},
                               {"epoch.checkpoint", "network."}};

std::string warningOf(const fs::path& folder, const std::string& used, const std::string& damage) {
  if (used == kSources[0].file) return {};
  std::string why = damage;
  if (!fs::exists(folder / "checkpoints" / kSources[0].file))
    why = std::string("checkpoints/") + kSources[0].file + " is missing" + (why.empty() ? "" : "; ") + why;
  return folder.string() + ": the weights of checkpoints/" + used + " are used, not the best epoch's (" +
         why + "); copy the run again, or train it on";
}

/// Fills the network from the first source that can be read; the file's name, and a warning where it is not
/// the best.
std::pair<std::string, std::string> loadBest(const fs::path& folder, networks::Network& network) {
  std::string damage, damaged;
  for (const auto& source : kSources) {
    const fs::path file = folder / "checkpoints" / source.file;
    if (!fs::exists(file) || damaged == source.file) continue;
    try {
      networks::loadPart(file, source.prefix, network);
      return {source.file, warningOf(folder, source.file, damage)};
    } catch (const InputError& error) {
      // Only a run that averages its weights has that part.
      if (std::string(source.prefix) == "average.") continue;
      damaged = source.file;
      damage += (damage.empty() ? "" : "; ") + std::string(error.what());
    }
  }
  if (!damage.empty())
    throw InputError(folder.string(), "none of its weights can be read (" + damage + ")",
                     "copy the run again");
  throw InputError(folder.string(), "it has no checkpoint yet",
                   "wait for the first epoch's end, or train longer");
}

}  // namespace

TrainedNetwork loadRun(const fs::path& folder) {
  if (!fs::exists(folder / "run.json"))
    throw InputError(folder.string(), "it holds no run.json, so it is not a run",
                     "give the folder that rind train wrote with --out");
  TrainedNetwork run{readDescription(folder / "run.json"), nullptr, folder, {}, {}};
  run.network = networks::makeNetwork(run.description.network, 0);
  std::tie(run.weights, run.warning) = loadBest(folder, *run.network);
  run.network->eval();
  return run;
}

LoadedModel loadModel(const fs::path& path, c10::Device device) {
  std::error_code ignored;
  if (!fs::exists(path, ignored))
    throw InputError(path.string(), "there is no such model", "give a run folder or an exported file");
  if (!fs::is_directory(path)) {
    auto [description, forward] = loadTorchScript(path, device);
    return {std::move(description), std::move(forward), {}};
  }
  const auto run = loadRun(path);
  run.network->to(device);
  networks::preferChannelsLast(*run.network);
  return {run.description,
          [network = run.network, device](const at::Tensor& image) {
            const at::NoGradGuard no_gradients;
            return network->forward(networks::channelsLast(image.to(device)));
          },
          run.warning};
}

}  // namespace rind::exporting
