#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rind/networks/network_settings.h"

namespace rind::networks {

/// A network from [B, C, D, H, W] to logits [B, classes, D, H, W].
class Network : public torch::nn::Module {
 public:
  virtual at::Tensor forward(const at::Tensor& image) = 0;

  /// The same logits, then those of the levels with 1/2 and 1/4 of the resolution where the network was made
  /// with deep supervision (Lee et al. 2015; 3-D: Dou et al. 2017).
  virtual std::vector<at::Tensor> forwardScales(const at::Tensor& image) { return {forward(image)}; }
};

/// One line of the table: adding a network is one file, one line in network_table.cpp and one test.
struct NetworkInfo {
  std::string name;
  std::string title;
  /// Each axis of a patch has to be a multiple of this, or 1 where the network is two-dimensional across it.
  std::int64_t divisor = 1;
  /// Least extent of an axis that is not 1.
  std::int64_t least = 1;
  /// Whether it runs only at the patch it was made for (UNETR), not at every multiple of `divisor`.
  bool fixed_patch = false;
  /// Whether it can be made with deep supervision.
  bool deep_supervision = false;
  std::function<std::shared_ptr<Network>(const NetworkSettings&)> make;
};

const std::vector<NetworkInfo>& networkTable();

/// Throws InputError naming --network and listing all.
const NetworkInfo& networkInfo(const std::string& name);

/// The network in training mode, in float32 on the CPU. Its weights are a pure function of the settings and
/// `seed` (PyTorch's customary distributions, drawn from a counter-based generator). Throws as requireFits.
std::shared_ptr<Network> makeNetwork(const NetworkSettings& settings, std::uint64_t seed);

/// The same network on the CPU in evaluation mode, sharing nothing with `network`; `settings` are its own.
std::shared_ptr<Network> copyOf(const Network& network, const NetworkSettings& settings);

/// Lays convolution weights out channels last, which oneDNN computes faster with (give it images as
/// channelsLast makes them). Before an optimiser is made of its parameters. Values stay the same.
void preferChannelsLast(Network& network);

/// The image [B, C, D, H, W] channels last. A single channel lies so anyhow, but LibTorch takes it for
/// contiguous and keeps the whole first level so, unless its strides say otherwise.
at::Tensor channelsLast(const at::Tensor& image);

/// Trainable numbers (running statistics not counted).
std::int64_t parameterCount(const Network& network);

}  // namespace rind::networks
