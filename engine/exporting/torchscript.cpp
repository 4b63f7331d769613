#include "rind/exporting/torchscript.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/serialization/import.h>

#include <fstream>
#include <stdexcept>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/exporting/traced_network.h"

namespace rind::exporting {
namespace {

namespace fs = std::filesystem;
using core::InputError;

constexpr const char* kDescriptionFile = "rind.json";

void requireSameOutput(networks::Network& network, torch::jit::Module& reloaded, const at::Tensor& image) {
  const auto expected = network.forward(image);
  const auto got = reloaded.forward({image}).toTensor();
  if (got.sizes() != expected.sizes() || !at::allclose(got, expected, 1e-4, 1e-4))
    throw std::runtime_error(
        "the exported model does not compute what the network computes; nothing was written");
}

/// Through a stream, whose archive is called "archive" inside: a file's would have the temporary name,
/// another one each time.
void writeArchive(const torch::jit::Module& script, const torch::jit::ExtraFilesMap& extra,
                  const fs::path& temporary, const fs::path& path) {
  const InputError unwritable(
      path.string(), "cannot be written",
      "check that the folder exists, that you may write there, and that the disk has room");
  std::ofstream file(temporary, std::ios::binary);
  if (!file) throw unwritable;
  try {
    script.save(file, extra);
  } catch (const c10::Error&) {
    throw unwritable;
  }
  file.close();
  if (!file) throw unwritable;
}

}  // namespace

void exportTorchScript(networks::Network& network, const ModelDescription& description,
                       const fs::path& path) {
  const InEvaluation evaluation(network);
  const auto& settings = description.network;
  const auto sizes = exampleSizes(settings);
  const auto script = traceNetwork(network, settings);
  const torch::jit::ExtraFilesMap extra = {{kDescriptionFile, exportedDescription(description)}};
  core::writeNamedFileWhole(path, [&](const fs::path& temporary) {
    writeArchive(script, extra, temporary, path);
    auto reloaded = torch::jit::load(temporary.string(), at::kCPU);
    requireSameOutput(network, reloaded, exampleImage(settings, 1, sizes.traced));
    requireSameOutput(network, reloaded, exampleImage(settings, 2, sizes.compared));
  });
}

TorchScriptModel loadTorchScript(const fs::path& path, c10::Device device) {
  torch::jit::ExtraFilesMap extra = {{kDescriptionFile, ""}};
  torch::jit::Module module;
  try {
    module = torch::jit::load(path.string(), device, extra);
  } catch (const std::exception&) {  // LibTorch's errors carry its stack: say it in our words
    throw InputError(path.string(),
                     "it cannot be read as a TorchScript model (damaged, cut short or something else)",
                     "give a run folder, or a file that rind export --format torchscript wrote");
  }
  const auto json = nlohmann::json::parse(extra[kDescriptionFile], nullptr, /*allow_exceptions=*/false);
  try {
    module.eval();
    return {json.get<ModelDescription>(), [module, device](const at::Tensor& image) mutable {
              const c10::InferenceMode inference;
              return module.forward({networks::channelsLast(image.to(device))}).toTensor();
            }};
  } catch (const nlohmann::json::exception&) {
    throw InputError(path.string(),
                     "it is a TorchScript model that says nothing of its labels and preprocessing",
                     "give a file that rind export wrote, or a run folder");
  }
}

}  // namespace rind::exporting
