#include "prediction_pipeline.h"

#include <unistd.h>

#include <ATen/core/Tensor.h>

#include <cstdio>
#include <cstring>
#include <future>
#include <iostream>
#include <utility>

#include "prediction_writing.h"
#include "rind/core/error.h"
#include "rind/core/memory.h"
#include "rind/datasets/quiet_standard_error.h"
#include "rind/training/memory_estimate.h"
#include "rind/training/memory_need.h"
#include "stop_on_signal.h"

namespace rind::app {
namespace {

using core::InputError;

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

/// Seen also while the next image is read, whose codecs must be quiet.
void warn(const std::string& what) {
  datasets::writeToStandardError("rind: warning: " + what + "\n");
}

/// Slices [classes, slices, y, x] into their place in [classes, z, y, x].
void copySlices(const at::Tensor& slab, std::int64_t z, const core::Extent3& size, float* to) {
  const auto plane = static_cast<std::size_t>(size.y * size.x);
  const auto run = static_cast<std::size_t>(slab.size(1)) * plane;
  for (std::int64_t c = 0; c < slab.size(0); ++c)
    std::memcpy(to + static_cast<std::size_t>(c * size.z + z) * plane,
                slab.const_data_ptr<float>() + static_cast<std::size_t>(c) * run, run * sizeof(float));
}

class Pipeline {
 public:
  Pipeline(const exporting::LoadedModel& model, const std::vector<PredictionTask>& tasks,
           const PredictionSettings& settings)
      : model_(model), tasks_(tasks), settings_(settings) {
    for (const auto& task : tasks) cases_.push_back({task.files.id, task.output, {}, {}});
  }

  std::vector<PredictedCase> run() {
    auto next = read(0);
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      auto here = std::move(next);
      attempt(i, [&] {
        auto image = here.get();
        if (i + 1 < tasks_.size()) next = read(i + 1);
        auto prediction = predict(i, std::move(image));
        finishWriting();
        startWriting(i, std::move(prediction));
      });
      if (i + 1 < tasks_.size() && !next.valid()) next = read(i + 1);
    }
    finishWriting();
    return std::move(cases_);
  }

 private:
  std::future<datasets::PreparedImage> read(std::size_t i) {
    return std::async(std::launch::async, [this, i] {
      if (StopOnSignal::wanted()) throw core::Interrupted("prediction stopped");
      return datasets::prepareImage(tasks_[i].files.images, model_.description.preprocessing);
    });
  }

  void requireUsable(const PredictionTask& task, const datasets::PreparedImage& image) const {
    const auto& description = model_.description;
    const std::string source = task.files.images.front().string();
    const int wanted = description.network.in_channels;
    if (image.channels != wanted)
      throw InputError(source,
                       "it has " + std::to_string(image.channels) +
                           " channels where the model was trained with " + std::to_string(wanted),
                       "give an image with the channels of the training data");
    const auto& size = image.geometry.size;
    const auto& window = description.window;
    if (size.z < window.z || size.y < window.y || size.x < window.x)
      warn(source + ": " + core::toString(size) + " voxels are less than the model's window of " +
           core::toString(window) + "; zeros are added around them");
    for (const auto& note : image.notes) warn(source + ": " + note);
    if (settings_.probabilities)
      core::requireMemory(source, "an image's probabilities",
                          memoryToWriteProbabilities(description.labels.size(), image.original) +
                              static_cast<double>(description.labels.size() * sizeof(float)) *
                                  static_cast<double>(size.voxels()));
  }

  /// What is needed beside the model and this image, which are there: with the first image, and with a larger
  /// one where it is more than is left.
  void tellMemory(std::size_t i, const datasets::PreparedImage& image) {
    const auto& description = model_.description;
    const auto& window = settings_.window;
    if (windows_need_ == 0)
      windows_need_ =
          training::estimateWindows(description.network, window.window, window.batch, settings_.compute);
    const auto voxels = static_cast<double>(image.geometry.size.voxels());
    const double plane = voxels / static_cast<double>(image.geometry.size.z);
    const auto classes = static_cast<double>(description.labels.size());
    const double slab = plane * static_cast<double>(window.window.z) * classes * sizeof(float);
    const double next = i + 1 < tasks_.size() ? voxels * image.channels * sizeof(float) : 0;
    const double needed = windows_need_ + slab + next + voxels;
    const double left = training::availableMemory(settings_.compute);
    const bool told = std::exchange(told_memory_, true);
    if (needed <= left && told) return;
    std::cerr << "rind: " << (needed > left ? "warning: " : "") << "needs about "
              << core::describeBytes(needed) << " of memory; " << core::describeBytes(left) << " are left"
              << (needed <= left     ? ""
                  : window.batch > 1 ? "; it may be ended by the system: use a smaller --batch"
                                     : "; it may be ended by the system: make room")
              << "\n";
  }

  Prediction predict(std::size_t i, datasets::PreparedImage image) {
    requireUsable(tasks_[i], image);
    tellMemory(i, image);
    const auto size = image.geometry.size;
    const auto classes = model_.description.labels.size();
    Prediction out{std::move(image), {}, {}, tasks_[i].output};
    const Progress progress(cases_[i].id);
    inference::Watch watch;
    watch.progress = [&](double share) { progress.show(share); };
    watch.cancelled = [] { return StopOnSignal::wanted(); };
    if (settings_.probabilities) {
      out.probabilities.resize(classes * static_cast<std::size_t>(size.voxels()));
      watch.probabilities = [&](std::int64_t z, const at::Tensor& slab) {
        copySlices(slab, z, size, out.probabilities.data());
      };
    }
    out.classes = inference::predictLabels(model_.forward, {out.image.image.data(), out.image.channels, size},
                                           static_cast<int>(classes), settings_.window, watch);
    return out;
  }

  void startWriting(std::size_t i, Prediction prediction) {
    written_ = i;
    writing_ = std::async(std::launch::async, [this, prediction = std::move(prediction)]() mutable {
      const std::lock_guard whole(stop_.writing);
      writePrediction(std::move(prediction), model_.description.labels);
    });
  }

  void finishWriting() {
    if (!writing_.valid()) return;
    attempt(written_, [&] { writing_.get(); });
    const auto& done = cases_[written_];
    if (done.error.empty() && settings_.say_outputs) std::cout << done.output.string() << std::endl;
  }

  /// What is wrong with one image is told and kept with its case.
  template <class Work>
  void attempt(std::size_t i, const Work& work) {
    try {
      work();
    } catch (const core::Interrupted&) {
      throw;
    } catch (const std::exception&) {
      cases_[i].exception = std::current_exception();
      cases_[i].error = training::messageOf(cases_[i].exception);
      if (tasks_.size() > 1) warn(cases_[i].error);
    }
  }

  const exporting::LoadedModel& model_;
  const std::vector<PredictionTask>& tasks_;
  const PredictionSettings& settings_;
  std::vector<PredictedCase> cases_;
  StopOnSignal stop_;
  double windows_need_ = 0;  // bytes; 0: not estimated yet
  bool told_memory_ = false;
  std::size_t written_ = 0;
  std::future<void> writing_;  // the last member: waited for before the others go
};

}  // namespace

std::vector<PredictedCase> predictAll(const exporting::LoadedModel& model,
                                      const std::vector<PredictionTask>& tasks,
                                      const PredictionSettings& settings) {
  return Pipeline(model, tasks, settings).run();
}

}  // namespace rind::app
