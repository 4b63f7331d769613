#include "rind/networks/network.h"

#include <ATen/ATen.h>

#include <cmath>

#include "rind/core/error.h"
#include "rind/core/random.h"

namespace rind::networks {
namespace {

using core::InputError;

std::int64_t fittingAxis(const NetworkInfo& info, std::int64_t wanted) {
  if (wanted <= 1) return 1;
  const std::int64_t multiple = (wanted + info.divisor - 1) / info.divisor * info.divisor;
  return std::max(multiple, info.least);
}

void requireWithin(int count, int most, const std::string& what) {
  if (count < 1 || count > most)
    throw InputError("network", "it has " + (count < 1 ? "no" : std::to_string(count)) + " " + what,
                     "use 1 to " + std::to_string(most));
}

/// Fills `tensor` with uniform numbers in [−bound, bound), 24 bits each.
void fillUniform(at::Tensor& tensor, double bound, core::RandomStream stream) {
  float* values = tensor.data_ptr<float>();
  const auto scale = static_cast<float>(bound * 0x1p-23);
  const auto low = static_cast<float>(bound);
  for (std::int64_t i = 0; i < tensor.numel(); ++i)
    values[i] = static_cast<float>(stream.next() >> 8) * scale - low;
}

void fillNormal(at::Tensor& tensor, double deviation, core::RandomStream stream) {
  float* values = tensor.data_ptr<float>();
  for (std::int64_t i = 0; i < tensor.numel(); ++i)
    values[i] = static_cast<float>(deviation * stream.normal());
}

/// PyTorch's default for convolutions and linear maps: uniform in ±1/√fan_in, weight and bias alike (He et
/// al. 2015 with a = √5). One-dimensional weights (normalisation, PReLU) keep what their layer set.
void initialise(Network& network, std::uint64_t seed) {
  std::uint32_t index = 0;
  for (const auto& module : network.modules()) {
    auto parameters = module->named_parameters(/*recurse=*/false);
    const at::Tensor* weight = parameters.find("weight");
    const double fan_in =
        weight && weight->dim() >= 2 ? static_cast<double>(weight->numel() / weight->size(0)) : 0;
    for (auto& parameter : parameters) {
      const core::RandomStream stream(seed, core::Purpose::weights, 0, index++);
      if (parameter.key() == "position")
        fillNormal(parameter.value(), 0.02, stream);
      else if (fan_in > 0)
        fillUniform(parameter.value(), 1 / std::sqrt(fan_in), stream);
    }
  }
}

}  // namespace

const NetworkInfo& networkInfo(const std::string& name) {
  std::string names;
  for (const auto& info : networkTable()) {
    if (info.name == name) return info;
    names += (names.empty() ? "" : ", ") + info.name;
  }
  throw InputError("--network", "\"" + name + "\" is not known", "use one of " + names);
}

core::Extent3 fittingPatch(const std::string& network, const core::Extent3& wanted) {
  const auto& info = networkInfo(network);
  return {fittingAxis(info, wanted.z), fittingAxis(info, wanted.y), fittingAxis(info, wanted.x)};
}

void requireFits(const NetworkSettings& settings) {
  const auto& info = networkInfo(settings.name);
  const auto fitting = fittingPatch(settings.name, settings.patch);
  if (!(fitting == settings.patch))
    throw InputError("--patch",
                     core::toString(settings.patch) + " does not fit " + info.title +
                         ", whose axes are multiples of " + std::to_string(info.divisor) + " or 1",
                     "use " + core::toString(fitting));
  if (settings.deep_supervision && !info.deep_supervision)
    throw InputError("--deep-supervision", info.title + " has no coarser logits",
                     "use --network unet or vnet, or leave it out");
  requireWithin(settings.in_channels, 256, "input channels");
  requireWithin(settings.classes, 256, "classes");
  requireWithin(settings.base_channels, 512, "base channels");
}

std::shared_ptr<Network> makeNetwork(const NetworkSettings& settings, std::uint64_t seed) {
  requireFits(settings);
  const at::NoGradGuard no_gradients;
  auto network = networkInfo(settings.name).make(settings);
  initialise(*network, seed);
  return network;
}

std::shared_ptr<Network> copyOf(const Network& network, const NetworkSettings& settings) {
  const at::NoGradGuard no_gradients;
  auto copy = networkInfo(settings.name).make(settings);
  const auto fill = [](std::vector<at::Tensor> to, const std::vector<at::Tensor>& from) {
    for (std::size_t i = 0; i < from.size(); ++i) to.at(i).copy_(from[i]);
  };
  fill(copy->parameters(), network.parameters());
  fill(copy->buffers(), network.buffers());
  copy->eval();
  return copy;
}

void preferChannelsLast(Network& network) {
  const at::NoGradGuard no_gradients;
  for (auto& parameter : network.parameters())
    if (parameter.dim() == 5) parameter.set_data(parameter.contiguous(at::MemoryFormat::ChannelsLast3d));
}

at::Tensor channelsLast(const at::Tensor& image) {
  const at::Tensor x = image.contiguous(at::MemoryFormat::ChannelsLast3d);
  const std::int64_t c = x.size(1), row = c * x.size(4), slice = row * x.size(3);
  return x.as_strided(x.sizes(), {slice * x.size(2), 1, slice, row, c});
}

std::int64_t parameterCount(const Network& network) {
  std::int64_t count = 0;
  for (const auto& parameter : network.parameters()) count += parameter.numel();
  return count;
}

}  // namespace rind::networks
