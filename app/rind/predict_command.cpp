#include <unistd.h>

#include <ATen/core/Tensor.h>

#include <cstdio>
#include <cstring>
#include <future>
#include <iostream>
#include <memory>

#include "commands.h"
#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/datasets/data_set.h"
#include "rind/datasets/preparation.h"
#include "rind/datasets/volume_io.h"
#include "rind/exporting/loaded_model.h"
#include "rind/inference/sliding_window.h"

namespace rind::app {
namespace {

namespace fs = std::filesystem;
using core::InputError;

struct Options {
  std::string model;
  std::string input;
  std::string output;
  double overlap = 0.5;
  bool mirror = false;
  bool probabilities = false;
  bool json = false;
};

/// One image to predict, and where its labels go.
struct Task {
  datasets::CaseFiles files;
  fs::path output;
};

std::vector<datasets::CaseFiles> casesOf(const fs::path& input) {
  std::error_code ignored;
  if (!fs::exists(input, ignored))
    throw InputError(input.string(), "there is no such file or folder", "check the name");
  if (!fs::is_directory(input)) return {{datasets::volumeStem(input), {input}, {}}};
  return datasets::openDataSet(input.string()).cases;
}

std::vector<Task> tasksOf(const Options& options) {
  std::vector<Task> tasks;
  const bool to_file = datasets::isVolumeFile(options.output) && !fs::is_directory(options.output);
  for (auto& files : casesOf(options.input)) {
    const fs::path output =
        to_file ? fs::path(options.output) : fs::path(options.output) / (files.id + ".nii.gz");
    tasks.push_back({std::move(files), output});
  }
  if (tasks.empty())
    throw InputError(options.input, "it holds no images", "give a volume or a folder of volumes");
  if (to_file && tasks.size() > 1)
    throw InputError("--output",
                     options.output + " is one file for " + std::to_string(tasks.size()) + " images",
                     "give a folder");
  if (!to_file) core::requireWritableFolder(options.output);
  return tasks;
}

/// A class index becomes the number that the data set's own files have for it.
std::vector<std::uint8_t> valuesOf(const core::LabelSet& labels) {
  std::vector<std::uint8_t> values;
  for (const auto& label : labels) {
    if (label.value < 0 || label.value > 255)
      throw InputError(label.name,
                       "its value " + std::to_string(label.value) + " does not fit a label map of bytes",
                       "number the data set's labels from 0 to 255 and train again");
    values.push_back(static_cast<std::uint8_t>(label.value));
  }
  return values;
}

/// A bar on a terminal, nothing elsewhere.
class Progress {
 public:
  explicit Progress(std::string name) : name_(std::move(name)), shown_(::isatty(STDERR_FILENO) == 1) {}
  ~Progress() {
    if (shown_) std::fputs("\r\033[K", stderr);
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void show(double share) const {
    if (!shown_) return;
    const int done = static_cast<int>(share * 40);
    std::fprintf(stderr, "\r%s [%-40.*s] %3d %%", name_.c_str(), done,
                 "########################################", static_cast<int>(share * 100));
  }

 private:
  std::string name_;
  bool shown_;
};

/// Softmax of all classes, [classes, z, y, x] on the prepared grid.
class ProbabilityVolume {
 public:
  ProbabilityVolume(std::size_t classes, const core::Extent3& size)
      : size_(size), voxels_(classes * static_cast<std::size_t>(size.voxels())) {}

  void take(std::int64_t z, const at::Tensor& slab) {
    const auto plane = static_cast<std::size_t>(size_.y * size_.x);
    const auto run = static_cast<std::size_t>(slab.size(1)) * plane;
    for (std::int64_t c = 0; c < slab.size(0); ++c)
      std::memcpy(&voxels_[static_cast<std::size_t>(c * size_.z + z) * plane],
                  slab.const_data_ptr<float>() + static_cast<std::size_t>(c) * run, run * sizeof(float));
  }

  void write(const fs::path& labels, const core::Geometry& geometry) const {
    const std::string stem = datasets::volumeStem(labels);
    const std::string extension = labels.filename().string().substr(stem.size());
    const int classes = static_cast<int>(voxels_.size() / static_cast<std::size_t>(size_.voxels()));
    datasets::writeFloats(labels.parent_path() / (stem + "_probabilities" + extension), geometry, classes,
                          voxels_.data());
  }

 private:
  core::Extent3 size_;
  std::vector<float> voxels_;
};

void predictOne(const exporting::LoadedModel& model, const Options& options, const Task& task,
                const datasets::PreparedImage& prepared) {
  const auto& description = model.description;
  const std::string source = task.files.images.front().string();
  if (prepared.channels != description.network.in_channels)
    throw InputError(source,
                     "it has " + std::to_string(prepared.channels) +
                         " channels where the model was trained with " +
                         std::to_string(description.network.in_channels),
                     "give an image with the channels of the training data");
  const auto& size = prepared.geometry.size;
  ProbabilityVolume probabilities(options.probabilities ? description.labels.size() : 0, size);
  const Progress progress(task.files.id);
  inference::Watch watch;
  watch.progress = [&](double share) { progress.show(share); };
  if (options.probabilities)
    watch.probabilities = [&](std::int64_t z, const at::Tensor& slab) { probabilities.take(z, slab); };
  const auto classes = inference::predictLabels(
      model.forward, {prepared.image.data(), prepared.channels, size}, description.network.classes,
      {.window = description.window, .overlap = options.overlap, .mirror = options.mirror}, watch);
  auto labels = datasets::toOriginalGrid(classes, prepared);
  const auto values = valuesOf(description.labels);
  for (auto& voxel : labels.voxels) voxel = values.at(voxel);
  datasets::writeLabels(task.output, prepared.original, labels);
  if (options.probabilities) probabilities.write(task.output, prepared.geometry);
}

void run(const Options& options) {
  const auto model = exporting::loadModel(options.model);
  if (!model.warning.empty()) std::cerr << "rind: warning: other weights are used: " << model.warning << "\n";
  valuesOf(model.description.labels);  // refused before anything is computed
  const auto tasks = tasksOf(options);
  // The next image is read while the network is busy with this one.
  const auto read = [&](std::size_t i) {
    return std::async(std::launch::async, [&files = tasks[i].files, &model] {
      return datasets::prepareImage(files.images, model.description.preprocessing);
    });
  };
  nlohmann::json cases = nlohmann::json::array();
  auto next = read(0);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const auto prepared = next.get();
    if (i + 1 < tasks.size()) next = read(i + 1);
    predictOne(model, options, tasks[i], prepared);
    cases.push_back({{"case", tasks[i].files.id}, {"output", tasks[i].output.string()}});
    if (!options.json) std::cout << tasks[i].output.string() << "\n";
  }
  if (options.json) std::cout << nlohmann::json{{"cases", cases}}.dump() << "\n";
}

}  // namespace

void addPredictCommand(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("predict", "Segment images with a trained model");
  command->add_option("--model", options->model, "run folder, or a file by rind export")->required();
  command->add_option("--input", options->input, "image, DICOM folder, or folder of images")->required();
  command->add_option("--output", options->output, "label map, or a folder for one label map an image")
      ->required();
  command->add_option("--overlap", options->overlap,
                      "share that neighbouring windows have in common, in [0, 1)");
  command->add_flag("--mirror", options->mirror, "average over mirror images too (eight times the work)");
  command->add_flag("--probabilities", options->probabilities,
                    "write NAME_probabilities too: all classes, on the network's grid");
  command->add_flag("--json", options->json, "one JSON object as the last line");
  command->callback([options] { run(*options); });
}

}  // namespace rind::app
