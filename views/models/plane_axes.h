#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "rind/models/case_model.h"

namespace rind::models {

enum class Plane { axial, coronal, sagittal };

/// How a plane lies in the array: which array axis (0 z, 1 y, 2 x) runs through, across and down the picture,
/// and whether it runs backwards, so that the patient is seen from the feet, the front or the left, head or
/// front upwards. Oblique volumes are shown along their nearest axes.
struct PlaneAxes {
  int through = 0;
  int across = 2;
  int down = 1;
  bool across_backwards = false;
  bool down_backwards = false;
  /// Letters at the left, right, top and bottom of the picture (R, L, A, P, S, I).
  std::array<char, 4> letters = {'R', 'L', 'A', 'P'};
};
PlaneAxes planeAxes(const core::Geometry& geometry, Plane plane);

/// What part of a slice is drawn into how many pixels: `centre` (across, down) in millimetres from the
/// picture's own top left corner.
struct SliceFrame {
  int width = 0;
  int height = 0;
  double pixels_per_mm = 1;
  double centre_across = 0;
  double centre_down = 0;
  /// How wide the prediction's outline is drawn, in pixels.
  std::size_t outline = 1;
};

/// The frame that shows the whole slice.
SliceFrame wholeSlice(const core::Geometry& geometry, const PlaneAxes& axes, int width, int height);

/// Where a pixel lies in the volume (the through-axis from the model's cursor); may be outside.
core::Index3 voxelAt(const CaseModel& model, const PlaneAxes& axes, const SliceFrame& frame, double x,
                     double y);
/// The pixel of a voxel's centre.
std::array<double, 2> pixelOf(const CaseModel& model, const PlaneAxes& axes, const SliceFrame& frame,
                              const core::Index3& voxel);

/// For every pixel along one side of a frame: the nearest voxel (-1 outside) and the two that the image is
/// mixed from.
struct SliceSteps {
  std::vector<std::int64_t> nearest;
  std::vector<std::int64_t> first;
  std::vector<std::int64_t> second;
  std::vector<float> share;
};
SliceSteps stepsAcross(const core::Geometry& geometry, const PlaneAxes& axes, const SliceFrame& frame);
SliceSteps stepsDown(const core::Geometry& geometry, const PlaneAxes& axes, const SliceFrame& frame);

/// Of a voxel's centre in the patient: x (left), y (posterior), z (superior), as ITK has it.
std::array<double, 3> millimetresOf(const core::Geometry& geometry, const core::Index3& voxel);

/// One of an extent's or index's components by array axis (0 z, 1 y, 2 x).
std::int64_t along(const core::Extent3& extent, int axis);
/// Voxels from one to the next along an array axis.
std::int64_t strideAlong(const core::Extent3& size, int axis);

}  // namespace rind::models
