#include "rind/workbench/thumbnail.h"

#include <algorithm>
#include <tuple>

#include "rind/models/slice_image.h"

namespace rind::workbench {
namespace {

constexpr int kFiner = 4;         // drawn so many times larger, then made small smoothly
constexpr double kAround = 1.25;  // of the labelled box is shown
constexpr double kCloser = 1.6;   // than all of the slice at most

/// One side of the slice as the picture has it, in millimetres: its length, and what is labelled of it.
struct Side {
  double length = 0;
  double low = 0;
  double high = 0;
};

Side sideOf(const models::LoadedCase& slice, int axis, bool backwards) {
  const auto& geometry = slice.prepared.geometry;
  const auto& steps = geometry.spacing;
  const double spacing = axis == 0 ? steps.z : axis == 1 ? steps.y : steps.x;
  const std::int64_t extent = models::along(geometry.size, axis);
  std::int64_t low = extent;
  std::int64_t high = 0;  // the first voxel behind
  for (const auto& box : slice.boxes) {
    if (box.empty()) continue;
    low = std::min(low, models::along(box.low, axis));
    high = std::max(high, models::along(box.high, axis) + 1);
  }
  if (high <= low) low = 0, high = extent;
  if (backwards) std::tie(low, high) = std::pair(extent - high, extent - low);
  return {static_cast<double>(extent) * spacing, static_cast<double>(low) * spacing,
          static_cast<double>(high) * spacing};
}

double centreOf(const Side& side, double seen) {
  if (seen >= side.length) return side.length / 2;
  return std::clamp((side.low + side.high) / 2, seen / 2, side.length - seen / 2);
}

/// All of the slice, or closer to what is labelled.
models::SliceFrame frameOf(const models::LoadedCase& slice, const models::PlaneAxes& axes, int pixels) {
  auto frame = models::wholeSlice(slice.prepared.geometry, axes, pixels, pixels);
  const Side across = sideOf(slice, axes.across, axes.across_backwards);
  const Side down = sideOf(slice, axes.down, axes.down_backwards);
  const double wanted = kAround * std::max(across.high - across.low, down.high - down.low);
  frame.pixels_per_mm *= std::clamp(pixels / wanted / frame.pixels_per_mm, 1.0, kCloser);
  const double seen = pixels / frame.pixels_per_mm;
  frame.centre_across = centreOf(across, seen);
  frame.centre_down = centreOf(down, seen);
  return frame;
}

}  // namespace

QImage drawThumbnail(const datasets::CaseSlice& slice, const core::LabelSet& labels) {
  const std::vector<std::uint8_t> depth(slice.labels.size(), 1);
  core::PreparedCase prepared{{}, slice.geometry, 1, slice.image.data()};
  prepared.labels = {slice.geometry.size, slice.labels.data()};
  prepared.depth = {slice.geometry.size, depth.data()};
  models::CaseModel model;
  model.setCase(std::make_shared<models::LoadedCase>(models::analyse(std::move(prepared), labels)));
  models::Layers layers;
  layers.band = false;
  layers.opacity = 1;
  model.setLayers(layers);
  constexpr int kSide = kFiner * kThumbnailSide;
  const auto axes = models::planeAxes(slice.geometry, models::Plane::axial);
  std::vector<std::uint32_t> pixels;
  models::composeSlice(model, axes, frameOf(model.loaded(), axes, kSide), pixels);
  return QImage(reinterpret_cast<const uchar*>(pixels.data()), kSide, kSide, QImage::Format_RGB32)
      .scaled(kThumbnailSide, kThumbnailSide, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
      .convertToFormat(QImage::Format_RGB32);
}

QImage makeThumbnail(const datasets::DataSet& data, const datasets::CaseFiles& files,
                     const std::atomic<bool>& cancel) {
  const auto axial = [](const core::Geometry& geometry) {
    return models::planeAxes(geometry, models::Plane::axial).through;
  };
  return drawThumbnail(datasets::readSlice(data, files, axial, cancel), data.labels);
}

}  // namespace rind::workbench
