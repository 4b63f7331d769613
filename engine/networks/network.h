#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rind/core/geometry.h"

namespace rind::networks {

/// Everything that decides a network's shape; stored with its weights.
struct NetworkSettings {
  std::string name = "unet";
  int in_channels = 1;
  /// Classes, background included: the channels of the logits.
  int classes = 2;
  /// Kernels of the first convolution, doubled at every halving of the resolution (UNETR: the decoder's
  /// width).
  int base_channels = 16;
  /// The training patch, [z, y, x]. An axis of 1 makes the network two-dimensional across it; UNETR's
  /// position embedding has this size.
  core::Extent3 patch = {64, 128, 128};

  bool operator==(const NetworkSettings&) const = default;
};

/// A network from [B, C, D, H, W] to logits [B, classes, D, H, W].
class Network : public torch::nn::Module {
 public:
  virtual at::Tensor forward(const at::Tensor& image) = 0;
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
  std::function<std::shared_ptr<Network>(const NetworkSettings&)> make;
};

const std::vector<NetworkInfo>& networkTable();

/// Throws InputError naming --network and listing all.
const NetworkInfo& networkInfo(const std::string& name);

/// `wanted` with each axis rounded up to what the network allows; an axis of 1 stays 1.
core::Extent3 fittingPatch(const std::string& network, const core::Extent3& wanted);

/// Throws InputError naming --patch and the nearest that fits, or the first of the other settings that is
/// wrong.
void requireFits(const NetworkSettings& settings);

/// The network in training mode, in float32 on the CPU. Its weights are a pure function of the settings and
/// `seed` (PyTorch's customary distributions, drawn from a counter-based generator). Throws as requireFits.
std::shared_ptr<Network> makeNetwork(const NetworkSettings& settings, std::uint64_t seed);

/// Lays convolution weights out channels last, which oneDNN computes faster with (give it images in
/// at::MemoryFormat::ChannelsLast3d). Before an optimiser is made of its parameters. Values stay the same.
void preferChannelsLast(Network& network);

/// Trainable numbers (running statistics not counted).
std::int64_t parameterCount(const Network& network);

}  // namespace rind::networks
