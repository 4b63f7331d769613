// Times of reading, checking and preparing real data: processor time of all threads beside wall time, because
// a shared machine stretches the latter.
//   datasets_times FOLDER-WITH-Task04_Hippocampus-BraTS2018-AMOS_sample
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "rind/datasets/check.h"
#include "rind/datasets/preparation.h"

namespace {

using namespace rind;

double processorSeconds() {
  timespec now = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double wallSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// The best of `repeats`.
template <class Work>
void report(const char* what, int repeats, Work work) {
  double processor = 1e9, wall = 1e9;
  for (int i = 0; i < repeats; ++i) {
    const double p = processorSeconds(), w = wallSeconds();
    work();
    processor = std::min(processor, processorSeconds() - p);
    wall = std::min(wall, wallSeconds() - w);
  }
  rusage used = {};
  getrusage(RUSAGE_SELF, &used);
  std::printf("%-46s wall %9.2f ms  processor %9.2f ms  peak %ld MiB\n", what, 1e3 * wall, 1e3 * processor,
              used.ru_maxrss / 1024);
}

std::vector<std::string> idsOf(const datasets::DataSet& data) {
  std::vector<std::string> ids;
  for (const auto& c : data.cases) ids.push_back(c.id);
  return ids;
}

/// 32 x 32 x 24 voxels of image, labels and depth.
void cutPatch(const core::PreparedCase& prepared, std::vector<float>& patch) {
  const auto& size = prepared.size();
  for (std::int64_t z = 0; z < std::min<std::int64_t>(32, size.z); ++z)
    for (std::int64_t y = 0; y < std::min<std::int64_t>(32, size.y); ++y)
      std::memcpy(&patch[static_cast<std::size_t>((z * 32 + y) * 24)],
                  prepared.image + (z * size.y + y) * size.x, 24 * sizeof(float));
}

void hippocampus(const datasets::DataSet& data) {
  report("hippocampus: check 200 cases", 3, [&] { datasets::check(data, {}); });
  datasets::PrepareOptions options;
  options.cache = std::filesystem::temp_directory_path() / "rind-datasets-times";
  datasets::clearCache(options.cache);
  std::vector<core::FolderCaseSource::Entry> entries;
  report("hippocampus: prepare 200 cases", 1,
         [&] { entries = datasets::prepare(data, idsOf(data), options); });
  report("hippocampus: again, from the cache", 3,
         [&] { entries = datasets::prepare(data, idsOf(data), options); });
  const core::FolderCaseSource source(entries);
  std::vector<float> patch(32 * 32 * 24);
  report("hippocampus: 200 cases opened, a patch of each", 3, [&] {
    for (std::size_t i = 0; i < source.count(); ++i) cutPatch(source.open(i), patch);
  });
  datasets::clearCache(options.cache);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  const auto amos = datasets::openDataSet((folder / "AMOS_sample").string());
  core::Preprocessing one_millimetre;
  one_millimetre.spacing = core::Spacing{1, 1, 1};
  report("AMOS sample CT: read, 3 mm to 1 mm, Z-score", 3,
         [&] { datasets::prepareImage(amos.cases[0].images, one_millimetre); });
  const auto brats = datasets::openDataSet((folder / "BraTS2018").string());
  report("BraTS case, 4 modalities: read, Z-score", 5,
         [&] { datasets::prepareImage(brats.cases[0].images, brats.preprocessing); });
  hippocampus(datasets::openDataSet((folder / "Task04_Hippocampus").string()));
  const auto phantom = datasets::openDataSet("phantom:amos,cases=2");
  report("phantom:amos: one case of 48x64x64", 3,
         [&] { datasets::loadCase(phantom, phantom.cases[0], phantom.preprocessing); });
}
