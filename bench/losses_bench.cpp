// The losses on training patches of the paper (1×16×64×128×128), of the hippocampus and between them; DWCE's
// weight map on a whole case.
#include <ATen/ATen.h>
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstring>

#include "organs.h"
#include "rind/contour/band.h"
#include "rind/contour/depth_map.h"
#include "rind/losses/losses.h"

namespace {

using namespace rind;

constexpr int kClasses = 16;

/// Registers a benchmark for patches of {classes, z, y, x}.
void onPatches(benchmark::internal::Benchmark* benchmark) {
  benchmark->Args({kClasses, 64, 128, 128})->Args({kClasses, 24, 80, 80})->Args({3, 40, 56, 40});
  benchmark->Unit(benchmark::kMillisecond)->UseRealTime();
}

/// Freed blocks are kept, as jemalloc does in `rind`: otherwise page faults of the gradient are what is
/// measured.
const bool kHeapKept = mallopt(M_MMAP_THRESHOLD, 1 << 30) == 1 && mallopt(M_TRIM_THRESHOLD, 1 << 30) == 1;

losses::Target patchTarget(int classes, const core::Extent3& size) {
  const core::LabelVolume labels = bench::organs(size, classes - 1);
  losses::Target target;
  target.labels = at::empty({1, size.z, size.y, size.x}, at::kByte);
  target.band = at::empty_like(target.labels);
  target.weight = at::ones({1, size.z, size.y, size.x}, at::kFloat);
  std::memcpy(target.labels.mutable_data_ptr(), labels.voxels.data(), labels.voxels.size());
  const core::DepthVolume depth = contour::depthMap(labels, 6, core::Border::zero);
  contour::bandMask(labels, depth, std::vector<int>(static_cast<std::size_t>(classes), 6), true,
                    target.band.mutable_data_ptr<std::uint8_t>());
  return target;
}

void evaluateLoss(benchmark::State& state, core::LossKind kind, at::ScalarType type, at::MemoryFormat format,
                  bool want_gradient) {
  const core::Extent3 size{state.range(1), state.range(2), state.range(3)};
  const losses::Target target = patchTarget(static_cast<int>(state.range(0)), size);
  const at::Tensor logits =
      at::randn({1, state.range(0), size.z, size.y, size.x}, at::kFloat).to(type).contiguous(format);
  const core::LossSettings settings{.kind = kind};
  for (auto _ : state)
    benchmark::DoNotOptimize(losses::evaluate(logits, target, settings, false, want_gradient).report.total);
  const auto bytes = static_cast<std::int64_t>(logits.nbytes()) * (want_gradient ? 3 : 1);
  state.SetBytesProcessed(state.iterations() * bytes);
}

void distanceWeightMap(benchmark::State& state) {
  const core::LabelVolume labels = bench::organs({96, 256, 256}, kClasses - 1);
  for (auto _ : state)
    benchmark::DoNotOptimize(losses::distanceWeights(labels, kClasses, 10, 5).voxels.data());
}

/// What the machine's memory gives: a pass that reads 64 MiB and one that reads and writes it.
void readMemory(benchmark::State& state) {
  const at::Tensor data = at::ones({16 << 20}, at::kFloat);
  for (auto _ : state) benchmark::DoNotOptimize(data.max().item<float>());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(data.nbytes()));
}

void copyMemory(benchmark::State& state) {
  const at::Tensor from = at::ones({16 << 20}, at::kFloat);
  at::Tensor to = at::empty_like(from);
  for (auto _ : state) to.copy_(from);
  state.SetBytesProcessed(state.iterations() * 2 * static_cast<std::int64_t>(from.nbytes()));
}

constexpr auto kContiguous = at::MemoryFormat::Contiguous;
constexpr auto kChannelsLast = at::MemoryFormat::ChannelsLast3d;
using core::LossKind;

BENCHMARK(readMemory)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(copyMemory)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(evaluateLoss, cwcd_fp32, LossKind::cwcd, at::kFloat, kContiguous, true)->Apply(onPatches);
BENCHMARK_CAPTURE(evaluateLoss, cwcd_fp32_value_only, LossKind::cwcd, at::kFloat, kContiguous, false)
    ->Apply(onPatches);
BENCHMARK_CAPTURE(evaluateLoss, cwcd_bf16, LossKind::cwcd, at::kBFloat16, kContiguous, true)
    ->Apply(onPatches);
BENCHMARK_CAPTURE(evaluateLoss, cwcd_fp32_channels_last, LossKind::cwcd, at::kFloat, kChannelsLast, true)
    ->Apply(onPatches);
BENCHMARK_CAPTURE(evaluateLoss, cwcd_bf16_channels_last, LossKind::cwcd, at::kBFloat16, kChannelsLast, true)
    ->Apply(onPatches);
BENCHMARK_CAPTURE(evaluateLoss, dwce_fp32, LossKind::dwce, at::kFloat, kContiguous, true)->Apply(onPatches);
BENCHMARK(distanceWeightMap)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
