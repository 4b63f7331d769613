#include "rind/training/memory_estimate.h"

#include <ATen/DeviceAccelerator.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/zeros.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>

#include "rind/core/memory.h"
#include "rind/networks/network.h"
#include "rind/sampling/patch_loader.h"
#include "rind/training/allocation_count.h"

namespace rind::training {
namespace {

using core::Extent3;

constexpr double kFloat = sizeof(float);
/// Extent of a small patch, and of a two-dimensional one; the deepest level of each network still has two
/// voxels along it.
constexpr std::int64_t kSmall = 32, kSmallFlat = 128;

/// At one patch and batch.
struct Sizes {
  double weights = 0;
  double step = 0;    // beyond the weights: their gradients too
  double window = 0;  // beyond the weights, without a way back
};

/// The network is made and ends within, for the sake of the count; without weights worth the name, which
/// would take longer to draw than all else.
enum class Way { forth, forth_and_back };

Sizes measure(networks::NetworkSettings settings, const Extent3& patch, int batch, bool bf16,
              Way way = Way::forth_and_back) {
  const Compute compute{c10::Device(c10::kCPU), bf16};
  const auto count = std::make_shared<AllocationCount>();
  const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, count);
  settings.patch = patch;
  const auto network = networks::networkInfo(settings.name).make(settings);
  networks::preferChannelsLast(*network);
  Sizes sizes;
  sizes.weights = count->held();
  count->takeMost();
  const auto image =
      networks::channelsLast(at::zeros({batch, settings.in_channels, patch.z, patch.y, patch.x}));
  if (way == Way::forth_and_back) {
    std::vector<at::Tensor> logits, gradients;
    {
      const Precision precision(compute);
      logits = network->forwardScales(image);
    }
    for (const auto& scale : logits) gradients.push_back(at::ones_like(scale));
    torch::autograd::backward(logits, gradients);
  }
  sizes.step = count->takeMost() - sizes.weights;
  network->zero_grad();
  network->eval();
  const at::NoGradGuard no_gradients;
  count->takeMost();
  const Precision precision(compute);
  network->forward(image);
  sizes.window = count->takeMost() - sizes.weights;
  return sizes;
}

Extent3 smallPatch(const Extent3& patch) {
  const bool flat = patch.z == 1 || patch.y == 1 || patch.x == 1;
  const std::int64_t most = flat ? kSmallFlat : kSmall;
  return {std::min(patch.z, most), std::min(patch.y, most), std::min(patch.x, most)};
}

/// The small patch twice as long along the axis where the wanted one has most to spare.
Extent3 longerPatch(const Extent3& small, const Extent3& patch) {
  Extent3 longer = small;
  auto axis = &Extent3::z;
  for (const auto other : {&Extent3::y, &Extent3::x})
    if (patch.*other - small.*other > patch.*axis - small.*axis) axis = other;
  longer.*axis = std::min(patch.*axis, 2 * small.*axis);
  return longer;
}

/// The line through two measured points, followed to `voxels`.
double follow(double first, double second, double first_voxels, double second_voxels, double voxels) {
  if (second_voxels == first_voxels) return first * voxels / first_voxels;
  const double slope = (second - first) / (second_voxels - first_voxels);
  return std::max(first, first + slope * (voxels - first_voxels));
}

}  // namespace

MemoryEstimate estimateMemory(const RunPlan& plan, const core::RunConfig& config, const Compute& compute) {
  // LibTorch takes other ways for a single patch than for several.
  const int batch = std::min(config.batch, 2);
  const Extent3 small = smallPatch(plan.patch), longer = longerPatch(small, plan.patch);
  const Sizes a = measure(plan.model.network, small, batch, compute.bf16);
  const Sizes b = longer == small ? a : measure(plan.model.network, longer, batch, compute.bf16);
  const auto at = [&](double Sizes::*what, double voxels) {
    return follow(a.*what, b.*what, static_cast<double>(batch * small.voxels()),
                  static_cast<double>(batch * longer.voxels()), voxels);
  };
  const double states = config.optimiser == "sgd" ? 1 : 2, averages = config.average > 0 ? 1 : 0;
  const double kept = a.weights * (1 + states + averages);
  const double voxels = static_cast<double>(plan.patch.voxels()) * config.batch;
  const double channels = plan.model.network.in_channels;
  // Image, labels, two depths of a batch; the loader's and the one in use.
  const double batches = voxels * (channels * kFloat + 3) * (sampling::PatchLoader::kAhead + 2.0);
  const double window = static_cast<double>(plan.model.window.voxels());
  const double slab = window * plan.model.network.classes * kFloat * 2;  // logits and their softmax
  return {kept + at(&Sizes::step, voxels) + batches, kept + at(&Sizes::window, window) + slab};
}

double estimateWindows(const networks::NetworkSettings& network, const Extent3& window, int batch,
                       const Compute& compute) {
  const int few = std::min(batch, 2);
  const Extent3 small = smallPatch(window), longer = longerPatch(small, window);
  const Sizes a = measure(network, small, few, compute.bf16, Way::forth);
  const Sizes b = longer == small ? a : measure(network, longer, few, compute.bf16, Way::forth);
  return follow(a.window, b.window, static_cast<double>(few * small.voxels()),
                static_cast<double>(few * longer.voxels()), static_cast<double>(batch * window.voxels()));
}

double availableMemory(const Compute& compute) {
  if (compute.device.is_cpu()) return static_cast<double>(core::availableMemory());
  return static_cast<double>(at::accelerator::getMemoryInfo(compute.device.index()).first);
}

}  // namespace rind::training
