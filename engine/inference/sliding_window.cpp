#include "rind/inference/sliding_window.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "rind/core/error.h"
#include "rind/inference/slab.h"
#include "rind/inference/window_grid.h"

namespace rind::inference {
namespace {

using core::Extent3;
using core::InputError;

void requireUsable(const ImageView& image, int classes, const SlidingWindow& settings) {
  if (!(settings.overlap >= 0 && settings.overlap < 1))
    throw InputError("--overlap", "it is outside [0, 1)", "use 0.5");
  if (settings.window.z < 1 || settings.window.y < 1 || settings.window.x < 1 || settings.batch < 1)
    throw InputError("window",
                     core::toString(settings.window) + " in batches of " + std::to_string(settings.batch) +
                         " is no window",
                     "give positive numbers");
  if (classes < 1 || classes > 256)
    throw InputError("classes", std::to_string(classes) + " do not fit a label map", "use 1 to 256");
  if (image.channels < 1 || image.size.voxels() < 1)
    throw InputError("image", "it is empty", "give an image with at least one voxel");
}

/// The image as [C, z, y, x], at least as large as the window: zeros on both sides where it is smaller.
struct Padded {
  at::Tensor image;
  Extent3 size;
  Extent3 before;
};

Padded padToWindow(const ImageView& view, const Extent3& window) {
  const auto& size = view.size;
  // Only read from: the tensor is a view of the caller's memory.
  auto image =
      at::from_blob(const_cast<float*>(view.voxels), {view.channels, size.z, size.y, size.x}, at::kFloat);
  if (!std::isfinite(image.sum(at::kDouble).item<double>()))
    throw InputError("image", "it has voxels that are not finite numbers",
                     "mend the file, or leave the case out");
  const Extent3 missing = {std::max<std::int64_t>(window.z - size.z, 0),
                           std::max<std::int64_t>(window.y - size.y, 0),
                           std::max<std::int64_t>(window.x - size.x, 0)};
  const Extent3 before = {missing.z / 2, missing.y / 2, missing.x / 2};
  if (missing == Extent3{}) return {image, size, before};
  image = at::constant_pad_nd(image, {before.x, missing.x - before.x, before.y, missing.y - before.y,
                                      before.z, missing.z - before.z});
  return {image, {size.z + missing.z, size.y + missing.y, size.x + missing.x}, before};
}

/// Mean of the logits over the eight mirror images (fewer where an axis has extent 1).
at::Tensor mirrored(const Forward& forward, const at::Tensor& windows) {
  at::Tensor sum;
  int count = 0;
  for (int flips = 0; flips < 8; ++flips) {
    std::vector<std::int64_t> dims;
    bool flat = false;
    for (int axis = 0; axis < 3; ++axis)
      if (flips >> axis & 1) dims.push_back(2 + axis), flat |= windows.size(2 + axis) == 1;
    if (flat) continue;
    const auto logits = at::flip(forward(at::flip(windows, dims)).to(at::kFloat), dims);
    sum = sum.defined() ? sum + logits : logits;
    ++count;
  }
  return sum / count;
}

class Prediction {
 public:
  Prediction(const Forward& forward, const ImageView& image, int classes, const SlidingWindow& settings,
             const Watch& watch)
      : forward_(forward),
        settings_(settings),
        watch_(watch),
        classes_(classes),
        padded_(padToWindow(image, settings.window)),
        importance_(gaussianImportance(settings.window)),
        labels_(image.size),
        z_starts_(windowStarts(padded_.size.z, settings.window.z, settings.overlap)),
        slab_(classes, {settings.window.z, padded_.size.y, padded_.size.x},
              static_cast<bool>(watch.probabilities)) {
    for (const auto y : windowStarts(padded_.size.y, settings.window.y, settings.overlap))
      for (const auto x : windowStarts(padded_.size.x, settings.window.x, settings.overlap))
        corners_.push_back({0, y, x});
  }

  core::LabelVolume run() {
    for (std::size_t row = 0; row < z_starts_.size(); ++row) {
      const std::int64_t z = z_starts_[row];
      const std::int64_t next = row + 1 < z_starts_.size() ? z_starts_[row + 1] : padded_.size.z;
      predictRow(z);
      finish(z, next);
      slab_.advance(next - z);
    }
    return std::move(labels_);
  }

 private:
  void predictRow(std::int64_t z) {
    const auto batch = static_cast<std::size_t>(settings_.batch);
    for (std::size_t first = 0; first < corners_.size(); first += batch) {
      if (watch_.cancelled && watch_.cancelled()) throw core::Interrupted("prediction stopped");
      const std::size_t last = std::min(first + batch, corners_.size());
      predictBatch(z, first, last);
      done_ += last - first;
      if (watch_.progress)
        watch_.progress(static_cast<double>(done_) / static_cast<double>(corners_.size() * z_starts_.size()));
    }
  }

  void predictBatch(std::int64_t z, std::size_t first, std::size_t last) {
    const auto& window = settings_.window;
    std::vector<at::Tensor> views;
    for (std::size_t i = first; i < last; ++i)
      views.push_back(padded_.image.narrow(1, z, window.z)
                          .narrow(2, corners_[i].y, window.y)
                          .narrow(3, corners_[i].x, window.x));
    const auto windows = at::stack(views);
    const auto logits = (settings_.mirror ? mirrored(forward_, windows) : forward_(windows)).to(at::kCPU);
    if (logits.dim() != 5 || logits.size(1) != classes_ ||
        logits.sizes().slice(2) != windows.sizes().slice(2))
      throw InputError("model", "its output has another shape than its description says",
                       "export the model again");
    for (std::size_t i = first; i < last; ++i)
      slab_.add(logits[static_cast<std::int64_t>(i - first)], importance_, corners_[i].y, corners_[i].x);
  }

  /// Takes the slices [z, end) of the padded volume, which are complete, out of the slab.
  void finish(std::int64_t z, std::int64_t end) {
    const auto& whole = padded_.size;
    const auto& size = labels_.size;
    core::LabelVolume slices({end - z, whole.y, whole.x});
    slab_.writeLargest(end - z, slices.voxels.data());
    const std::int64_t first = std::max(z - padded_.before.z, std::int64_t{0});
    const std::int64_t last = std::min(end - padded_.before.z, size.z);
    for (std::int64_t slice = first; slice < last; ++slice)
      for (std::int64_t y = 0; y < size.y; ++y)
        std::memcpy(&labels_[{slice, y, 0}],
                    &slices[{slice + padded_.before.z - z, y + padded_.before.y, padded_.before.x}],
                    static_cast<std::size_t>(size.x));
    if (watch_.probabilities && first < last)
      watch_.probabilities(first, slab_.probabilities(end - z)
                                      .narrow(1, first + padded_.before.z - z, last - first)
                                      .narrow(2, padded_.before.y, size.y)
                                      .narrow(3, padded_.before.x, size.x)
                                      .contiguous());
  }

  const Forward& forward_;
  const SlidingWindow& settings_;
  const Watch& watch_;
  int classes_;
  Padded padded_;
  at::Tensor importance_;
  core::LabelVolume labels_;
  std::vector<std::int64_t> z_starts_;
  Slab slab_;
  std::vector<core::Index3> corners_;
  std::size_t done_ = 0;
};

}  // namespace

core::LabelVolume predictLabels(const Forward& forward, const ImageView& image, int classes,
                                const SlidingWindow& settings, const Watch& watch) {
  requireUsable(image, classes, settings);
  const c10::NoGradGuard no_gradients;
  return Prediction(forward, image, classes, settings, watch).run();
}

}  // namespace rind::inference
