// All scores of 15 organs against the same ones moved by 1.7 voxels.
#include <benchmark/benchmark.h>

#include "organs.h"
#include "rind/metrics/class_score.h"

namespace rind {
namespace {

struct Volumes {
  core::LabelVolume reference = bench::organs({96, 256, 256});
  core::LabelVolume prediction = bench::organs({96, 256, 256}, 15, 1.7);
};

const Volumes& volumes() {
  static const Volumes both;
  return both;
}

void scoreOrgans(benchmark::State& state) {
  metrics::ScoreSettings settings;
  settings.surface = state.range(0) ? metrics::Surface::surfel : metrics::Surface::voxel;
  const Volumes& both = volumes();
  for (auto _ : state)
    benchmark::DoNotOptimize(metrics::score(both.reference, both.prediction, {2, 0.8, 0.8}, 16, settings));
}
BENCHMARK(scoreOrgans)->ArgName("surfel")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->UseRealTime();

void overlapAlone(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(metrics::overlap(volumes().reference, volumes().prediction, 16));
}
BENCHMARK(overlapAlone)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace rind
