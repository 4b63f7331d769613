#include "rind/exporting/torchscript.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <stdexcept>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"

namespace rind::exporting {
namespace {

namespace fs = std::filesystem;
using core::InputError;
using torch::jit::IValue;

constexpr const char* kDescriptionFile = "rind.json";

/// Evaluation mode while it lives, then what was before.
class InEvaluation {
 public:
  explicit InEvaluation(torch::nn::Module& module) : module_(module), was_training_(module.is_training()) {
    module_.eval();
  }
  ~InEvaluation() { module_.train(was_training_); }
  InEvaluation(const InEvaluation&) = delete;
  InEvaluation& operator=(const InEvaluation&) = delete;

 private:
  torch::nn::Module& module_;
  bool was_training_;
};

/// Names as TorchScript allows them: "down0.first.weight" → "down0_first_weight".
std::string attributeName(std::string key) {
  std::replace(key.begin(), key.end(), '.', '_');
  return key;
}

/// A script module that shares the network's own tensors, so that the tracer finds them among its attributes.
torch::jit::Module sharingTensors(const networks::Network& network) {
  torch::jit::Module script("__torch__.rind.Network");
  for (const auto& item : network.named_parameters())
    script.register_parameter(attributeName(item.key()), item.value(), /*is_buffer=*/false);
  for (const auto& item : network.named_buffers())
    script.register_buffer(attributeName(item.key()), item.value());
  script.register_attribute("training", c10::BoolType::get(), false);
  return script;
}

at::Tensor exampleImage(const ModelDescription& description, std::int64_t batch, const core::Extent3& size) {
  const std::int64_t channels = description.network.in_channels;
  // A fixed pattern: an export draws no random numbers.
  return at::sin(at::arange(batch * channels * size.voxels(), at::kFloat) * 0.37f)
      .view({batch, channels, size.z, size.y, size.x});
}

/// Sizes to trace at and to compare at: small, and different where the network allows another than its patch.
struct ExampleSizes {
  core::Extent3 traced;
  core::Extent3 compared;
};

ExampleSizes exampleSizes(const networks::NetworkSettings& settings) {
  const auto& info = networks::networkInfo(settings.name);
  if (info.fixed_patch) return {settings.patch, settings.patch};
  const auto least = [](std::int64_t axis) { return axis == 1 ? std::int64_t{1} : std::int64_t{2}; };
  const auto& patch = settings.patch;
  const auto traced = networks::fittingPatch(settings.name, {least(patch.z), least(patch.y), least(patch.x)});
  auto compared = traced;
  (patch.x != 1 ? compared.x : compared.y) += info.divisor;
  return {traced, compared};
}

torch::jit::Module traceNetwork(networks::Network& network, const at::Tensor& example) {
  auto script = sharingTensors(network);
  const auto forward = [&network](torch::jit::Stack inputs) -> torch::jit::Stack {
    return {network.forward(inputs.at(0).toTensor())};
  };
  const auto traced = torch::jit::tracer::trace(
      {example}, forward, [](const at::Tensor&) { return std::string(); }, /*strict=*/true,
      /*force_outplace=*/false, &script, {"image"});
  auto* method = script._ivalue()->compilation_unit()->create_function(
      c10::QualifiedName(*script.type()->name(), "forward"), traced.first->graph);
  script.type()->addMethod(method);
  return script;
}

void requireSameOutput(networks::Network& network, torch::jit::Module& reloaded, const at::Tensor& image) {
  const auto expected = network.forward(image);
  const auto got = reloaded.forward({image}).toTensor();
  if (got.sizes() != expected.sizes() || !at::allclose(got, expected, 1e-4, 1e-4))
    throw std::runtime_error(
        "the exported model does not compute what the network computes; nothing was written");
}

}  // namespace

void exportTorchScript(networks::Network& network, const ModelDescription& description,
                       const fs::path& path) {
  const InEvaluation evaluation(network);
  const at::NoGradGuard no_gradients;
  const auto sizes = exampleSizes(description.network);
  const auto script = traceNetwork(network, exampleImage(description, 1, sizes.traced));
  const torch::jit::ExtraFilesMap extra = {{kDescriptionFile, nlohmann::json(description).dump(1)}};
  core::writeNamedFileWhole(path, [&](const fs::path& temporary) {
    try {
      script.save(temporary.string(), extra);
    } catch (const c10::Error&) {
      throw InputError(path.string(), "cannot be written",
                       "check that the folder exists, that you may write there, and that the disk has room");
    }
    auto reloaded = torch::jit::load(temporary.string(), at::kCPU);
    requireSameOutput(network, reloaded, exampleImage(description, 1, sizes.traced));
    requireSameOutput(network, reloaded, exampleImage(description, 2, sizes.compared));
  });
}

TorchScriptModel loadTorchScript(const fs::path& path) {
  torch::jit::ExtraFilesMap extra = {{kDescriptionFile, ""}};
  torch::jit::Module module;
  try {
    module = torch::jit::load(path.string(), at::kCPU, extra);
  } catch (const std::exception&) {  // LibTorch's errors carry its stack: say it in our words
    throw InputError(path.string(),
                     "it cannot be read as a TorchScript model (damaged, cut short or something else)",
                     "give a file that rind export wrote, or a run folder");
  }
  const auto json = nlohmann::json::parse(extra[kDescriptionFile], nullptr, /*allow_exceptions=*/false);
  try {
    module.eval();
    return {json.get<ModelDescription>(), [module](const at::Tensor& image) mutable {
              const c10::InferenceMode inference;
              return module.forward({image}).toTensor();
            }};
  } catch (const nlohmann::json::exception&) {
    throw InputError(path.string(),
                     "it is a TorchScript model that says nothing of its labels and preprocessing",
                     "give a file that rind export wrote, or a run folder");
  }
}

}  // namespace rind::exporting
