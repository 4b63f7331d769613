#include "rind/models/slice_image.h"

#include <algorithm>
#include <cmath>

namespace rind::models {
namespace {

constexpr std::uint32_t kOutside = 0xFF000000;

std::int64_t extentAlong(const core::Extent3& size, int axis) {
  return axis == 0 ? size.z : axis == 1 ? size.y : size.x;
}

double spacingAlong(const core::Spacing& spacing, int axis) {
  return axis == 0 ? spacing.z : axis == 1 ? spacing.y : spacing.x;
}

std::int64_t strideAlong(const core::Extent3& size, int axis) {
  return axis == 0 ? size.y * size.x : axis == 1 ? size.x : 1;
}

std::int64_t component(const core::Index3& at, int axis) {
  return extentAlong(at, axis);
}

void setComponent(core::Index3& at, int axis, std::int64_t value) {
  (axis == 0 ? at.z : axis == 1 ? at.y : at.x) = value;
}

/// The array axis nearest to a patient axis (0 left, 1 posterior, 2 superior), and whether it runs against
/// it.
struct Nearest {
  int array_axis = 0;
  bool against = false;
};

std::array<Nearest, 3> nearestAxes(const core::Geometry& geometry) {
  // The best of the six ways to pair the axes.
  constexpr int kWays[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  const auto cosine = [&](int patient, int column) {
    return geometry.direction[static_cast<std::size_t>(3 * patient + column)];
  };
  const auto fit = [&](const int(&way)[3]) {
    return std::abs(cosine(0, way[0])) + std::abs(cosine(1, way[1])) + std::abs(cosine(2, way[2]));
  };
  const auto* best = &kWays[0];
  for (const auto& way : kWays)
    if (fit(way) > fit(*best) + 1e-9) best = &way;
  std::array<Nearest, 3> nearest;
  for (int patient = 0; patient < 3; ++patient)
    nearest[static_cast<std::size_t>(patient)] = {2 - (*best)[patient],
                                                  cosine(patient, (*best)[patient]) < 0};
  return nearest;
}

/// For every pixel along one side: the nearest voxel (-1 outside) and the two that the image is mixed from.
struct Steps {
  std::vector<std::int64_t> nearest;
  std::vector<std::int64_t> first;
  std::vector<std::int64_t> second;
  std::vector<float> share;
};

struct Side {
  int pixels = 0;
  double centre = 0;  // mm
  double pixels_per_mm = 1;
  double spacing = 1;
  std::int64_t extent = 1;
  bool backwards = false;
};

double voxelAlong(const Side& side, double pixel) {
  const double mm = side.centre + (pixel - side.pixels / 2.0) / side.pixels_per_mm;
  const double voxel = mm / side.spacing;
  return side.backwards ? static_cast<double>(side.extent) - voxel : voxel;
}

double pixelAlong(const Side& side, double voxel) {
  const double forward = side.backwards ? static_cast<double>(side.extent) - voxel : voxel;
  return (forward * side.spacing - side.centre) * side.pixels_per_mm + side.pixels / 2.0;
}

Steps stepsAlong(const Side& side) {
  Steps steps;
  for (int pixel = 0; pixel < side.pixels; ++pixel) {
    const double at = voxelAlong(side, pixel + 0.5);
    const bool inside = at >= 0 && at < static_cast<double>(side.extent);
    steps.nearest.push_back(inside ? static_cast<std::int64_t>(at) : -1);
    const double mixed = std::clamp(at - 0.5, 0.0, static_cast<double>(side.extent - 1));
    const auto first = static_cast<std::int64_t>(mixed);
    steps.first.push_back(first);
    steps.second.push_back(std::min(first + 1, side.extent - 1));
    steps.share.push_back(static_cast<float>(mixed - static_cast<double>(first)));
  }
  return steps;
}

Side acrossSide(const core::Geometry& geometry, const PlaneAxes& axes, const SliceFrame& frame) {
  return {frame.width,
          frame.centre_across,
          frame.pixels_per_mm,
          spacingAlong(geometry.spacing, axes.across),
          extentAlong(geometry.size, axes.across),
          axes.across_backwards};
}

Side downSide(const core::Geometry& geometry, const PlaneAxes& axes, const SliceFrame& frame) {
  return {frame.height,
          frame.centre_down,
          frame.pixels_per_mm,
          spacingAlong(geometry.spacing, axes.down),
          extentAlong(geometry.size, axes.down),
          axes.down_backwards};
}

std::uint32_t mix(std::uint32_t below, std::uint32_t above, float opacity) {
  const auto channel = [&](int shift) {
    const auto a = static_cast<float>((below >> shift) & 0xFFU);
    const auto b = static_cast<float>((above >> shift) & 0xFFU);
    return static_cast<std::uint32_t>(a + (b - a) * opacity + 0.5F) << shift;
  };
  return 0xFF000000U | channel(16) | channel(8) | channel(0);
}

std::vector<std::uint32_t> colourTable(const CaseModel& model) {
  std::vector<std::uint32_t> colours(256, 0);
  const auto& labels = model.loaded().labels;
  for (std::size_t c = 1; c < labels.size() && c < 256; ++c) {
    const auto& rgb = labels[c].colour;
    if (model.isVisible(static_cast<int>(c)))
      colours[c] = 0xFF000000U | static_cast<std::uint32_t>(rgb[0]) << 16 |
                   static_cast<std::uint32_t>(rgb[1]) << 8 | rgb[2];
  }
  return colours;
}

/// One slice being drawn. Colours of 0 stand for classes that are not shown.
class Composer {
 public:
  Composer(const CaseModel& model, const PlaneAxes& axes, const SliceFrame& frame)
      : model_(model),
        prepared_(model.loaded().prepared),
        layers_(model.layers()),
        opacity_(static_cast<float>(model.layers().opacity)),
        colours_(colourTable(model)),
        across_(stepsAlong(acrossSide(prepared_.geometry, axes, frame))),
        down_(stepsAlong(downSide(prepared_.geometry, axes, frame))),
        across_stride_(strideAlong(prepared_.size(), axes.across)),
        down_stride_(strideAlong(prepared_.size(), axes.down)),
        slice_(component(model.cursor(), axes.through) * strideAlong(prepared_.size(), axes.through)),
        axes_(axes) {
    const auto prediction = model.prediction();
    if (prediction && prediction->labels.size == prepared_.size()) prediction_ = prediction;
    thickness_.assign(256, 0);
    for (std::size_t c = 0; c < model.thickness().size() && c < 256; ++c)
      thickness_[c] = model.thickness()[c];
    if (!model.contour().include_background) thickness_[0] = 0;
  }

  std::uint32_t pixel(std::size_t row, std::size_t column) const {
    if (down_.nearest[row] < 0 || across_.nearest[column] < 0) return kOutside;
    std::uint32_t colour = grey(row, column);
    const std::int64_t at = offset(row, column);
    const std::uint8_t truth = prepared_.labels.data[at];
    if (layers_.reference && colours_[truth]) colour = mix(colour, colours_[truth], 0.45F * opacity_);
    if (layers_.band && inBand(truth, at, row, column))
      colour = mix(colour, truth == 0 ? 0xFF9AA7B4U : colours_[truth], std::min(1.F, 1.25F * opacity_));
    if (!prediction_) return colour;
    if (layers_.error)
      colour = withError(colour, truth, prediction_->labels.voxels[static_cast<std::size_t>(at)]);
    if (layers_.prediction && outline(row, column, at)) return outlineColour(row, column, at);
    return colour;
  }

 private:
  std::int64_t offset(std::size_t row, std::size_t column) const {
    return slice_ + down_.nearest[row] * down_stride_ + across_.nearest[column] * across_stride_;
  }

  std::uint32_t grey(std::size_t row, std::size_t column) const {
    const auto* line_a = prepared_.image + slice_ + down_.first[row] * down_stride_;
    const auto* line_b = prepared_.image + slice_ + down_.second[row] * down_stride_;
    const std::int64_t left = across_.first[column] * across_stride_;
    const std::int64_t right = across_.second[column] * across_stride_;
    const float x = across_.share[column];
    const float above = line_a[left] + (line_a[right] - line_a[left]) * x;
    const float below = line_b[left] + (line_b[right] - line_b[left]) * x;
    const float value = above + (below - above) * down_.share[row];
    const float level = std::clamp((value - model_.low()) / (model_.high() - model_.low()), 0.F, 1.F);
    const auto shade = static_cast<std::uint32_t>(level * 255.F);
    return 0xFF000000U | shade << 16 | shade << 8 | shade;
  }

  bool inBand(std::uint8_t truth, std::int64_t at, std::size_t row, std::size_t column) const {
    if (thickness_[truth] == 0 || (truth != 0 && colours_[truth] == 0)) return false;
    std::int64_t depth = prepared_.depth.data[at];
    if (model_.contour().border == core::Border::zero) depth = std::min(depth, toFace(row, column));
    return depth <= thickness_[truth];
  }

  // Voxels to the nearest face, as applyZeroBorder has it; an axis of one voxel is no axis.
  std::int64_t toFace(std::size_t row, std::size_t column) const {
    const auto& size = prepared_.size();
    const auto along = [&](int axis, std::int64_t at) {
      const std::int64_t extent = extentAlong(size, axis);
      return extent == 1 ? std::int64_t{255} : std::min(at + 1, extent - at);
    };
    return std::min({along(axes_.through, component(model_.cursor(), axes_.through)),
                     along(axes_.down, down_.nearest[row]), along(axes_.across, across_.nearest[column])});
  }

  std::uint32_t withError(std::uint32_t colour, std::uint8_t truth, std::uint8_t predicted) const {
    if (truth == predicted || (colours_[truth] == 0 && colours_[predicted] == 0)) return colour;
    const std::uint32_t kind = predicted == 0 ? kMissed : truth == 0 ? kInvented : kConfused;
    return mix(colour, kind, std::min(1.F, 0.3F + opacity_));
  }

  std::uint8_t predictedAt(std::size_t row, std::size_t column) const {
    if (down_.nearest[row] < 0 || across_.nearest[column] < 0) return 0;
    return prediction_->labels.voxels[static_cast<std::size_t>(offset(row, column))];
  }

  bool outline(std::size_t row, std::size_t column, std::int64_t at) const {
    const std::uint8_t here = prediction_->labels.voxels[static_cast<std::size_t>(at)];
    const bool left = column > 0 && predictedAt(row, column - 1) != here;
    const bool above = row > 0 && predictedAt(row - 1, column) != here;
    return (left || above) && outlineColour(row, column, at) != 0;
  }

  std::uint32_t outlineColour(std::size_t row, std::size_t column, std::int64_t at) const {
    std::uint8_t shown = prediction_->labels.voxels[static_cast<std::size_t>(at)];
    if (shown == 0 && column > 0) shown = predictedAt(row, column - 1);
    if (shown == 0 && row > 0) shown = predictedAt(row - 1, column);
    return colours_[shown] == 0 ? 0 : mix(colours_[shown], 0xFFFFFFFFU, 0.35F);
  }

  const CaseModel& model_;
  const core::PreparedCase& prepared_;
  const Layers& layers_;
  float opacity_;
  std::vector<std::uint32_t> colours_;
  Steps across_;
  Steps down_;
  std::int64_t across_stride_;
  std::int64_t down_stride_;
  std::int64_t slice_;
  PlaneAxes axes_;
  std::vector<int> thickness_;
  std::shared_ptr<const Prediction> prediction_;
};

}  // namespace

PlaneAxes planeAxes(const core::Geometry& geometry, Plane plane) {
  const auto nearest = nearestAxes(geometry);
  const Nearest left = nearest[0];
  const Nearest back = nearest[1];
  const Nearest up = nearest[2];
  switch (plane) {
    case Plane::coronal:
      return {back.array_axis, left.array_axis, up.array_axis,
              left.against,    !up.against,     {'R', 'L', 'S', 'I'}};
    case Plane::sagittal:
      return {left.array_axis, back.array_axis, up.array_axis,
              back.against,    !up.against,     {'A', 'P', 'S', 'I'}};
    case Plane::axial:
      break;
  }
  return {up.array_axis, left.array_axis, back.array_axis, left.against, back.against, {'R', 'L', 'A', 'P'}};
}

SliceFrame wholeSlice(const core::Geometry& geometry, const PlaneAxes& axes, int width, int height) {
  const double across = static_cast<double>(extentAlong(geometry.size, axes.across)) *
                        spacingAlong(geometry.spacing, axes.across);
  const double down =
      static_cast<double>(extentAlong(geometry.size, axes.down)) * spacingAlong(geometry.spacing, axes.down);
  const double scale = std::min(width / across, height / down);
  return {width, height, std::max(scale, 1e-6), across / 2, down / 2};
}

core::Index3 voxelAt(const CaseModel& model, const PlaneAxes& axes, const SliceFrame& frame, double x,
                     double y) {
  const auto& geometry = model.loaded().prepared.geometry;
  core::Index3 at = model.cursor();
  setComponent(at, axes.across,
               static_cast<std::int64_t>(std::floor(voxelAlong(acrossSide(geometry, axes, frame), x))));
  setComponent(at, axes.down,
               static_cast<std::int64_t>(std::floor(voxelAlong(downSide(geometry, axes, frame), y))));
  return at;
}

std::array<double, 2> pixelOf(const CaseModel& model, const PlaneAxes& axes, const SliceFrame& frame,
                              const core::Index3& voxel) {
  const auto& geometry = model.loaded().prepared.geometry;
  return {
      pixelAlong(acrossSide(geometry, axes, frame), static_cast<double>(component(voxel, axes.across)) + 0.5),
      pixelAlong(downSide(geometry, axes, frame), static_cast<double>(component(voxel, axes.down)) + 0.5)};
}

void composeSlice(const CaseModel& model, const PlaneAxes& axes, const SliceFrame& frame,
                  std::vector<std::uint32_t>& pixels) {
  const auto width = static_cast<std::size_t>(std::max(frame.width, 0));
  const auto height = static_cast<std::size_t>(std::max(frame.height, 0));
  pixels.assign(width * height, kOutside);
  if (model.empty()) return;
  const Composer composer(model, axes, frame);
  for (std::size_t row = 0; row < height; ++row)
    for (std::size_t column = 0; column < width; ++column)
      pixels[row * width + column] = composer.pixel(row, column);
}

}  // namespace rind::models
