// Depth maps and bands of 15 organs. bytes_per_second counts the labels read and the map written once: what
// the memory bus has to carry at the least.
#include <benchmark/benchmark.h>

#include <vector>

#include "organs.h"
#include "rind/contour/adaptive_thickness.h"
#include "rind/contour/band.h"
#include "rind/contour/depth_map.h"

namespace rind {
namespace {

const core::LabelVolume& labels(const benchmark::State& state) {
  static const core::LabelVolume amos = bench::organs({96, 256, 256}), cube = bench::organs({256, 256, 256});
  return state.range(0) == 96 ? amos : cube;
}

void cappedDepthMap(benchmark::State& state) {
  const auto& volume = labels(state);
  std::vector<std::uint8_t> map(volume.voxels.size());
  for (auto _ : state)
    contour::depthMap(volume, static_cast<int>(state.range(1)), core::Border::zero, map.data());
  state.SetBytesProcessed(state.iterations() * 2 * static_cast<std::int64_t>(map.size()));
}
BENCHMARK(cappedDepthMap)
    ->ArgNames({"depth", "cap"})
    ->ArgsProduct({{96, 256}, {1, 6, 12, 254}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void uncappedDepthMap(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(contour::exactDepthMap(labels(state), core::Border::replicate));
}
BENCHMARK(uncappedDepthMap)->Arg(96)->Arg(256)->Unit(benchmark::kMillisecond)->UseRealTime();

void depthMapAndBand(benchmark::State& state) {
  const auto& volume = labels(state);
  std::vector<std::uint8_t> map(volume.voxels.size()), band(map.size());
  const std::vector<int> thickness(16, 6);
  for (auto _ : state) {
    contour::depthMap(volume, 6, core::Border::zero, map.data());
    contour::bandMask(volume, {volume.size, map.data()}, thickness, true, band.data());
  }
}
BENCHMARK(depthMapAndBand)->Arg(96)->Arg(256)->Unit(benchmark::kMillisecond)->UseRealTime();

void adaptiveThickness(benchmark::State& state) {
  const auto& volume = labels(state);
  const auto map = contour::depthMap(volume, 254, core::Border::replicate);
  for (auto _ : state) benchmark::DoNotOptimize(contour::depthHistogram(volume, map, 16));
}
BENCHMARK(adaptiveThickness)->Arg(96)->Arg(256)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace rind
