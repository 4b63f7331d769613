#pragma once

#include <cstdint>

#include "rind/core/contour_settings.h"
#include "rind/core/volume.h"

namespace rind::contour {

/// What a depth map holds where there is no other label to be near (uniform volume, replicate border).
constexpr std::int16_t kInfiniteDepth = 32767;
/// The largest cap of a byte map.
constexpr int kLargestCap = 254;

/// Depth of every voxel in voxels, [z, y, x]: the least Chebyshev distance to a voxel of another label and,
/// with the zero border, to the outside. A voxel beside another label has depth 1. An axis of extent 1 is no
/// axis. Method, "Contour". Results do not depend on the number of threads.
///
/// This map holds min(depth, cap + 1), cap in 1..254: with cap = 254, 255 means ">= 255 or infinite".
/// Working memory: the map, two bits a voxel where the cap is above 12, and under a megabyte a thread. Throws
/// InputError: cap out of range, an empty volume, or one too large for the memory that is left (with what it
/// needs).
core::DepthVolume depthMap(core::LabelView labels, int cap, core::Border border);

/// The same into labels.count() bytes at `out`, for those who keep their memory.
void depthMap(core::LabelView labels, int cap, core::Border border, std::uint8_t* out);

/// The thickest band that needs no map.
constexpr int kThickestWithoutMap = 12;

/// Writes 1 where depth <= thickness (in 1..kThickestWithoutMap), else 0, without a map in between; voxels of
/// label 0 only with `include_background`. See bandMask in band.h.
void bandWithoutMap(core::LabelView labels, int thickness, core::Border border, bool include_background,
                    std::uint8_t* out);

/// The same without a cap: finite depths up to 32766, kInfiniteDepth where there is no other label.
core::Volume<std::int16_t> exactDepthMap(core::LabelView labels, core::Border border);

/// Makes the depths of a replicate-border map those of the zero border: min(depth, voxels to the nearest face
/// of the volume of size `whole`), for a patch whose first voxel is `corner` of that volume (may be negative:
/// voxels outside become 1).
void applyZeroBorder(core::DepthVolume& patch, const core::Index3& corner, const core::Extent3& whole);

}  // namespace rind::contour
