// The four works that race_data.py times beside its peers, one a process so that memory can be told apart.
//   race_data brats|amos FOLDER RUNS   reads a case and makes it network input
//   race_data patch FOLDER RUNS        opens each prepared case of a data set and copies a patch
//   race_data check FOLDER RUNS        checks a data set
// Prints {"ms": fastest of RUNS, "mib": peak memory beyond the program's own}.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>

#include "rind/datasets/check.h"
#include "rind/datasets/preparation.h"

namespace {

using namespace rind;

long peakMebibytes() {
  rusage used = {};
  getrusage(RUSAGE_SELF, &used);
  return used.ru_maxrss / 1024;
}

double milliseconds(int runs, const std::function<void()>& work) {
  double best = 1e12;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(
        best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

/// The first case as network input; its mean square tells that the same was computed.
void race(const datasets::DataSet& data, const core::Preprocessing& preprocessing, int runs) {
  const long before = peakMebibytes();
  datasets::PreparedImage prepared;
  const double ms = milliseconds(runs, [&] {
    prepared = {};
    prepared = datasets::prepareImage(data.cases.front().images, preprocessing);
  });
  double sum = 0;
  for (const float voxel : prepared.image) sum += static_cast<double>(voxel) * static_cast<double>(voxel);
  std::printf("{\"ms\": %.2f, \"mib\": %ld, \"square\": %.5f}\n", ms, peakMebibytes() - before,
              sum / static_cast<double>(prepared.image.size()));
}

/// 32 x 64 x 64 voxels of image, labels and depth from the case's middle, or what there is.
void cutPatch(const core::PreparedCase& prepared, std::vector<float>& patch,
              std::vector<std::uint8_t>& bytes) {
  const auto& size = prepared.size();
  const core::Extent3 wanted = {std::min<std::int64_t>(32, size.z), std::min<std::int64_t>(64, size.y),
                                std::min<std::int64_t>(64, size.x)};
  const core::Index3 from = {(size.z - wanted.z) / 2, (size.y - wanted.y) / 2, (size.x - wanted.x) / 2};
  const auto row_bytes = static_cast<std::size_t>(wanted.x);
  for (std::int64_t c = 0; c < prepared.channels; ++c)
    for (std::int64_t z = 0; z < wanted.z; ++z)
      for (std::int64_t y = 0; y < wanted.y; ++y) {
        const std::size_t at = prepared.labels.offset({from.z + z, from.y + y, from.x});
        const auto to = static_cast<std::size_t>((z * wanted.y + y) * wanted.x);
        std::memcpy(&patch[to], prepared.image + c * size.voxels() + at, row_bytes * sizeof(float));
        std::memcpy(&bytes[to], prepared.labels.data + at, row_bytes);
        std::memcpy(&bytes[to], prepared.depth.data + at, row_bytes);
      }
}

void racePatches(const datasets::DataSet& data, int runs) {
  std::vector<std::string> ids;
  for (const auto& c : data.cases) ids.push_back(c.id);
  datasets::PrepareOptions options;
  options.cache = std::filesystem::temp_directory_path() / "rind-race-data";
  options.preprocessing = data.preprocessing;
  const core::FolderCaseSource source(datasets::prepare(data, ids, options));
  std::vector<float> patch(32 * 64 * 64);
  std::vector<std::uint8_t> bytes(patch.size());
  const double ms = milliseconds(runs, [&] {
    for (std::size_t i = 0; i < source.count(); ++i) cutPatch(source.open(i), patch, bytes);
  });
  datasets::clearCache(options.cache);
  std::printf("{\"ms\": %.4f, \"mib\": 0}\n", ms / static_cast<double>(source.count()));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::string work = argv[1];
  const int runs = std::atoi(argv[3]);
  const auto data = datasets::openDataSet(argv[2]);
  core::Preprocessing preprocessing = data.preprocessing;
  if (work == "amos") preprocessing = {core::Spacing{1, 1, 1}, core::Normalisation::zscore};
  if (work == "brats" || work == "amos") race(data, preprocessing, runs);
  if (work == "patch") racePatches(data, runs);
  if (work == "check") {
    const long before = peakMebibytes();
    const double ms = milliseconds(runs, [&] { datasets::check(data, {}); });
    std::printf("{\"ms\": %.2f, \"mib\": %ld}\n", ms, peakMebibytes() - before);
  }
}
