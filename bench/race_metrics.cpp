// Times the engine for bench/race_metrics.py: two label maps (.npy, u1) in, the fastest of some runs in
// milliseconds and the scores out.
//   race_metrics REFERENCE.npy PREDICTION.npy CLASSES voxel|surfel RUNS      (spacing 2 x 0.8 x 0.8 mm)
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "rind/core/npy.h"
#include "rind/metrics/score_table.h"

namespace {

rind::core::LabelVolume labelsOf(const char* file) {
  const auto array = rind::core::readNpy(file);
  rind::core::LabelVolume labels;
  labels.size = {array.shape.at(0), array.shape.at(1), array.shape.at(2)};
  labels.voxels = array.as<std::uint8_t>();
  return labels;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const auto reference = labelsOf(argv[1]), prediction = labelsOf(argv[2]);
  rind::metrics::ScoreSettings settings;
  settings.surface = rind::metrics::parseSurface(argv[4]);
  rind::metrics::ScoreTable table;
  table.tolerances = settings.tolerances;
  table.cases.resize(1);
  double best = 1e300;
  for (int i = 0; i < std::atoi(argv[5]); ++i) {
    const auto start = std::chrono::steady_clock::now();
    table.cases[0].classes =
        rind::metrics::score(reference, prediction, {2, 0.8, 0.8}, std::atoi(argv[3]), settings);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count());
  }
  std::printf("{\"ms\": %.3f, \"scores\": %s}\n", best,
              rind::metrics::toJson(table)["cases"][0].dump().c_str());
}
