#include "rind/models/plane_axes.h"

#include <algorithm>
#include <cmath>

namespace rind::models {
namespace {

double spacingAlong(const core::Spacing& spacing, int axis) {
  return axis == 0 ? spacing.z : axis == 1 ? spacing.y : spacing.x;
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

SliceSteps stepsAlong(const Side& side) {
  SliceSteps steps;
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
          along(geometry.size, axes.across),
          axes.across_backwards};
}

Side downSide(const core::Geometry& geometry, const PlaneAxes& axes, const SliceFrame& frame) {
  return {frame.height,
          frame.centre_down,
          frame.pixels_per_mm,
          spacingAlong(geometry.spacing, axes.down),
          along(geometry.size, axes.down),
          axes.down_backwards};
}

}  // namespace

std::int64_t along(const core::Extent3& extent, int axis) {
  return axis == 0 ? extent.z : axis == 1 ? extent.y : extent.x;
}

std::int64_t strideAlong(const core::Extent3& size, int axis) {
  return axis == 0 ? size.y * size.x : axis == 1 ? size.x : 1;
}

std::array<double, 3> millimetresOf(const core::Geometry& geometry, const core::Index3& voxel) {
  const double steps[3] = {static_cast<double>(voxel.x) * geometry.spacing.x,
                           static_cast<double>(voxel.y) * geometry.spacing.y,
                           static_cast<double>(voxel.z) * geometry.spacing.z};
  std::array<double, 3> place = geometry.origin;
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column)
      place[row] += geometry.direction[3 * row + column] * steps[column];
  return place;
}

SliceSteps stepsAcross(const core::Geometry& geometry, const PlaneAxes& axes, const SliceFrame& frame) {
  return stepsAlong(acrossSide(geometry, axes, frame));
}

SliceSteps stepsDown(const core::Geometry& geometry, const PlaneAxes& axes, const SliceFrame& frame) {
  return stepsAlong(downSide(geometry, axes, frame));
}

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
  const double across =
      static_cast<double>(along(geometry.size, axes.across)) * spacingAlong(geometry.spacing, axes.across);
  const double down =
      static_cast<double>(along(geometry.size, axes.down)) * spacingAlong(geometry.spacing, axes.down);
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
  return {pixelAlong(acrossSide(geometry, axes, frame), static_cast<double>(along(voxel, axes.across)) + 0.5),
          pixelAlong(downSide(geometry, axes, frame), static_cast<double>(along(voxel, axes.down)) + 0.5)};
}

}  // namespace rind::models
