#include "rind/exporting/traced_network.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <algorithm>

namespace rind::exporting {
namespace {

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

}  // namespace

at::Tensor exampleImage(const networks::NetworkSettings& settings, std::int64_t batch,
                        const core::Extent3& size) {
  const std::int64_t channels = settings.in_channels;
  return at::sin(at::arange(batch * channels * size.voxels(), at::kFloat) * 0.37f)
      .view({batch, channels, size.z, size.y, size.x});
}

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

torch::jit::Module traceNetwork(networks::Network& network, const networks::NetworkSettings& settings) {
  const auto example = exampleImage(settings, 1, exampleSizes(settings).traced);
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

}  // namespace rind::exporting
