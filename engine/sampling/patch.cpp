#include "rind/sampling/patch.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "rind/core/random.h"
#include "rind/sampling/intensity.h"

namespace rind::sampling {
namespace {

using core::Extent3;
using core::Index3;

constexpr double kLargestAngle = 15 * std::numbers::pi / 180;
constexpr double kLargestZoom = 1.25;
constexpr std::uint8_t kNoDepth = 255;

/// How a voxel of the patch finds its place in the case.
struct Placement {
  Index3 corner;
  bool flip_y = false, flip_x = false;
  double cosine = 1, sine = 0;  // over the zoom
  bool resampled = false;
};

std::int64_t cornerAlong(std::int64_t whole, std::int64_t patch, std::optional<std::int64_t> around,
                         core::RandomStream& random) {
  const double where = random.uniform();  // always drawn, so that the next axis draws the same number
  if (whole <= patch) return -((patch - whole) / 2);
  const std::int64_t last = whole - patch;
  if (around)
    return std::clamp<std::int64_t>(*around - static_cast<std::int64_t>(where * static_cast<double>(patch)),
                                    0, last);
  return static_cast<std::int64_t>(where * static_cast<double>(last + 1));
}

/// A foreground voxel by trial; none after 256 misses.
std::optional<Index3> foregroundVoxel(const core::LabelView& labels, core::RandomStream& random) {
  for (int trial = 0; trial < 256; ++trial) {
    const auto at = static_cast<std::int64_t>(random.below(labels.count()));
    if (labels.data[at] == 0) continue;
    const std::int64_t row = at / labels.size.x;
    return Index3{row / labels.size.y, row % labels.size.y, at % labels.size.x};
  }
  return std::nullopt;
}

Placement place(const core::PreparedCase& prepared, const PatchPlan& plan) {
  core::RandomStream random(plan.seed, core::Purpose::augmentation, plan.epoch, plan.number);
  Placement placement;
  placement.flip_y = random.uniform() < plan.augmentation.flip;
  placement.flip_x = random.uniform() < plan.augmentation.flip;
  const bool rotated = random.uniform() < plan.augmentation.rotate;
  const double angle = random.uniform(-kLargestAngle, kLargestAngle);
  const auto& size = prepared.size();
  std::optional<Index3> centre;
  const bool larger = size.z > plan.size.z || size.y > plan.size.y || size.x > plan.size.x;
  if (larger && random.uniform() < plan.augmentation.foreground)
    centre = foregroundVoxel(prepared.labels, random);
  const auto along = [&](std::int64_t Extent3::*axis) {
    return cornerAlong(size.*axis, plan.size.*axis, centre ? std::optional((*centre).*axis) : std::nullopt,
                       random);
  };
  placement.corner.z = along(&Extent3::z);
  placement.corner.y = along(&Extent3::y);
  placement.corner.x = along(&Extent3::x);
  const bool zoomed = random.uniform() < plan.augmentation.scale;
  const double zoom = std::exp(std::log(kLargestZoom) * random.uniform(-1, 1));
  placement.resampled = rotated || zoomed;
  if (rotated) {
    placement.cosine = std::cos(angle);
    placement.sine = std::sin(angle);
  }
  if (zoomed) {
    placement.cosine /= zoom;
    placement.sine /= zoom;
  }
  return placement;
}

struct Source {
  double y = 0, x = 0;
};

/// In-plane place in the case of patch voxel (y, x): flips, then a rotation and a zoom about the patch's
/// centre.
Source sourceOf(const Placement& placement, const Extent3& patch, std::int64_t y, std::int64_t x) {
  const double py = static_cast<double>(placement.flip_y ? patch.y - 1 - y : y);
  const double px = static_cast<double>(placement.flip_x ? patch.x - 1 - x : x);
  const double cy = static_cast<double>(patch.y - 1) / 2;
  const double cx = static_cast<double>(patch.x - 1) / 2;
  const double dy = py - cy;
  const double dx = px - cx;
  return {placement.cosine * dy + placement.sine * dx + cy + static_cast<double>(placement.corner.y),
          placement.cosine * dx - placement.sine * dy + cx + static_cast<double>(placement.corner.x)};
}

/// Voxels from `at` to the nearest face of the case, along axes that are more than one voxel.
std::uint8_t faceDistance(const Index3& at, const Extent3& size) {
  std::int64_t nearest = kNoDepth;
  const auto along = [&](std::int64_t index, std::int64_t extent) {
    if (extent > 1) nearest = std::min({nearest, index + 1, extent - index});
  };
  along(at.z, size.z);
  along(at.y, size.y);
  along(at.x, size.x);
  return static_cast<std::uint8_t>(nearest);
}

struct Buffers {
  float* image;
  std::uint8_t* labels;
  std::uint8_t* depth;
  std::uint8_t* depth_zero;
  std::int64_t patch_voxels;
};

float linear(const float* plane, const Extent3& size, const Source& at) {
  const double fy = std::floor(at.y);
  const double fx = std::floor(at.x);
  const auto wy = static_cast<float>(at.y - fy);
  const auto wx = static_cast<float>(at.x - fx);
  const auto pixel = [&](std::int64_t y, std::int64_t x) {
    return y < 0 || x < 0 || y >= size.y || x >= size.x ? 0.0F : plane[y * size.x + x];
  };
  const auto y = static_cast<std::int64_t>(fy);
  const auto x = static_cast<std::int64_t>(fx);
  return (1 - wy) * ((1 - wx) * pixel(y, x) + wx * pixel(y, x + 1)) +
         wy * ((1 - wx) * pixel(y + 1, x) + wx * pixel(y + 1, x + 1));
}

void copyVoxel(const core::PreparedCase& prepared, const Placement& placement, const Source& at,
               std::int64_t z, std::int64_t to, const Buffers& out) {
  const auto& size = prepared.size();
  const Index3 nearest = {z, std::llround(at.y), std::llround(at.x)};
  if (nearest.y < 0 || nearest.x < 0 || nearest.y >= size.y || nearest.x >= size.x) return;
  const std::size_t from = prepared.labels.offset(nearest);
  out.labels[to] = prepared.labels.data[from];
  out.depth[to] = prepared.depth.data[from];
  out.depth_zero[to] = std::min(prepared.depth.data[from], faceDistance(nearest, size));
  const std::int64_t plane = size.y * size.x;
  for (int c = 0; c < prepared.channels; ++c) {
    const float* slice = prepared.image + (c * size.z + z) * plane;
    out.image[c * out.patch_voxels + to] =
        placement.resampled ? linear(slice, size, at) : slice[nearest.y * size.x + nearest.x];
  }
}

}  // namespace

Patch cutPatch(const core::PreparedCase& prepared, const PatchPlan& plan) {
  const Placement placement = place(prepared, plan);
  const auto& p = plan.size;
  Patch patch;
  patch.corner = placement.corner;
  patch.image = at::zeros({prepared.channels, p.z, p.y, p.x}, at::kFloat);
  patch.labels = at::zeros({p.z, p.y, p.x}, at::kByte);
  patch.depth = at::full({p.z, p.y, p.x}, kNoDepth, at::kByte);
  patch.depth_zero = at::full({p.z, p.y, p.x}, kNoDepth, at::kByte);
  const Buffers out = {patch.image.data_ptr<float>(), patch.labels.data_ptr<std::uint8_t>(),
                       patch.depth.data_ptr<std::uint8_t>(), patch.depth_zero.data_ptr<std::uint8_t>(),
                       p.voxels()};
  for (std::int64_t y = 0; y < p.y; ++y)
    for (std::int64_t x = 0; x < p.x; ++x) {
      const Source at = sourceOf(placement, p, y, x);
      for (std::int64_t z = std::max<std::int64_t>(0, -placement.corner.z); z < p.z; ++z) {
        const std::int64_t from = z + placement.corner.z;
        if (from >= prepared.size().z) break;
        copyVoxel(prepared, placement, at, from, (z * p.y + y) * p.x + x, out);
      }
    }
  core::RandomStream random(plan.seed, core::Purpose::intensity, plan.epoch, plan.number);
  for (int c = 0; c < prepared.channels; ++c)
    changeIntensity({out.image + c * out.patch_voxels, static_cast<std::size_t>(out.patch_voxels)},
                    plan.augmentation.intensity, random);
  return patch;
}

}  // namespace rind::sampling
