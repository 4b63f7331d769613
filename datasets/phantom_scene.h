#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "rind/core/random.h"
#include "rind/datasets/phantom.h"

namespace rind::datasets {

/// Millimetres from the middle of the field of view: x to the left, y to the back, z to the head (LPS).
using Point = std::array<double, 3>;

/// An ellipsoid (radii > 0) around `a`, or a tube from `a` to `b` whose radius goes from `radius_a` to
/// `radius_b`.
struct Solid {
  int tissue = 0;
  Point a = {};
  Point b = {};
  Point radii = {};
  double radius_a = 0;
  double radius_b = 0;

  bool contains(const Point& p) const;
  /// Half-open along one axis: nothing of the solid lies outside.
  std::array<double, 2> reach(std::size_t axis) const;
};

/// What a tissue is called in the label map, and how bright it is in each channel.
struct Tissue {
  std::uint8_t label = 0;
  std::vector<double> intensity;
};

/// One patient: tissue 0 everywhere, then solids painted in order, all bent by a smooth displacement.
struct Scene {
  Point field = {};  // mm along x, y, z
  std::vector<Tissue> tissues;
  std::vector<Solid> solids;
  /// Standard deviation of the noise, and amplitude of the slow variation of brightness.
  double noise = 0;
  double shading = 0;
  double bending = 0;  // mm
  /// Whether tissue 0 stays exactly 0 (skull-stripped MRI).
  bool empty_outside = false;
};

Scene abdomenScene(core::RandomStream& random);
Scene brainScene(core::RandomStream& random);

/// Adds a tube through `points` whose radius goes evenly from `first` to `last`.
void addTube(Scene& scene, int tissue, const std::vector<Point>& points, double first, double last);

/// Draws the scene with partial volume at borders (2x2x2 points), blur and noise.
PhantomCase renderScene(const Scene& scene, const core::Extent3& size, core::RandomStream& random);

}  // namespace rind::datasets
