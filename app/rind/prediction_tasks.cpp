#include "prediction_tasks.h"

#include <algorithm>
#include <utility>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/datasets/volume_io.h"

namespace rind::app {
namespace {

namespace fs = std::filesystem;
using core::InputError;

/// "case" of "case_0002" where that is channel 2; empty elsewhere.
std::string imageOfChannel(const std::string& id, std::size_t channel) {
  std::string ending = std::to_string(channel);
  ending = "_" + std::string(4 - std::min<std::size_t>(4, ending.size()), '0') + ending;
  return id.size() > ending.size() && id.ends_with(ending) ? id.substr(0, id.size() - ending.size()) : "";
}

/// One file a channel becomes one case of all channels; as it was where the names do not say so.
std::vector<datasets::CaseFiles> withChannelsJoined(std::vector<datasets::CaseFiles> cases,
                                                    std::size_t channels) {
  if (channels < 2 || cases.size() % channels != 0) return cases;
  std::vector<datasets::CaseFiles> joined;
  for (std::size_t first = 0; first < cases.size(); first += channels) {
    datasets::CaseFiles all{imageOfChannel(cases[first].id, 0), {}, {}};
    for (std::size_t c = 0; c < channels; ++c) {
      const auto& one = cases[first + c];
      if (all.id.empty() || one.images.size() != 1 || imageOfChannel(one.id, c) != all.id) return cases;
      all.images.push_back(one.images.front());
    }
    joined.push_back(std::move(all));
  }
  return joined;
}

struct Images {
  std::vector<datasets::CaseFiles> cases;
  std::vector<std::string> channels;
};

Images imagesOf(const fs::path& input, int channels) {
  std::error_code ignored;
  if (!fs::exists(input, ignored))
    throw InputError(input.string(), "there is no such file or folder", "check the name");
  if (!fs::is_directory(input)) return {{{datasets::volumeStem(input), {input}, {}}}, {}};
  auto data = datasets::openDataSet(input.string());
  return {withChannelsJoined(std::move(data.cases), static_cast<std::size_t>(channels)),
          std::move(data.channels)};
}

}  // namespace

PredictionTasks predictionTasks(const PredictionPlaces& places, int channels) {
  auto [cases, names] = imagesOf(places.input, channels);
  if (cases.empty())
    throw InputError(places.input, "it holds no images", "give a volume or a folder of volumes");
  const bool to_file = datasets::isVolumeFile(places.output) && !fs::is_directory(places.output);
  if (to_file && !datasets::isWritableVolume(places.output))
    throw InputError("--output", places.output + " would be DICOM, which is read and not written",
                     "use .nii.gz, .nii, .nrrd, .seg.nrrd, .mha or .npy");
  if (to_file && cases.size() > 1)
    throw InputError("--output",
                     places.output + " is one file for " + std::to_string(cases.size()) + " images",
                     "give a folder");
  const fs::path output(places.output);
  core::requireWritableFolder(!to_file                   ? output
                              : output.has_parent_path() ? output.parent_path()
                                                         : fs::path("."));
  std::vector<PredictionTask> tasks;
  for (auto& files : cases) {
    const fs::path file = to_file ? output : output / (files.id + places.format);
    tasks.push_back({std::move(files), file});
  }
  return {std::move(tasks), std::move(names)};
}

}  // namespace rind::app
