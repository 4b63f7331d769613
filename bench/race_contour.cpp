// Times the engine for bench/race_contour.py: labels (.npy, u1) in, the fastest of some runs in milliseconds
// out.
//   race_contour LABELS.npy ITERATIONS RUNS
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "rind/contour/band.h"
#include "rind/contour/depth_map.h"
#include "rind/core/npy.h"

namespace {

template <class Work>
double fastest(int runs, Work work) {
  double best = 1e300;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count());
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto array = rind::core::readNpy(argv[1]);
  const int thickness = std::atoi(argv[2]), runs = std::atoi(argv[3]);
  rind::core::LabelVolume labels;
  labels.size = {array.shape.at(0), array.shape.at(1), array.shape.at(2)};
  labels.voxels = array.as<std::uint8_t>();
  rind::core::DepthVolume depth(labels.size);
  std::vector<std::uint8_t> band(labels.voxels.size());
  const auto map = [&] {
    rind::contour::depthMap(labels, thickness, rind::core::Border::zero, depth.voxels.data());
  };
  const double map_alone = fastest(runs, map);
  const double with_band = fastest(runs, [&] {
    map();
    rind::contour::bandMask(labels, depth, std::vector<int>(256, thickness), false, band.data());
  });
  std::vector<std::uint8_t> straight(band.size());
  const double band_alone = fastest(runs, [&] {
    rind::contour::bandMask(labels, thickness, rind::core::Border::zero, false, straight.data());
  });
  if (straight != band) return 1;
  std::size_t voxels = 0;
  for (const std::uint8_t inside : band) voxels += inside;
  std::printf("{\"map_ms\": %.3f, \"map_and_band_ms\": %.3f, \"band_ms\": %.3f, \"band_voxels\": %zu}\n",
              map_alone, with_band, band_alone, voxels);
}
