#pragma once

#include <algorithm>
#include <vector>

#include "rind/core/preprocessing.h"
#include "rind/core/volume.h"

namespace rind::datasets {

/// Voxels [from, from + size) along each axis.
struct Box {
  core::Index3 from;
  core::Extent3 size;
};

/// The smallest box with every voxel that is not 0 in some channel of [C, z, y, x]; all of it where all are
/// 0.
Box nonzeroBox(const float* image, int channels, const core::Extent3& size);

/// Where the box of one grid lies on another of the same field of view, rounded outwards.
Box onGrid(const Box& box, const core::Extent3& from, const core::Extent3& to);

/// `wanted` (0: the box's own extent) around the box's middle, moved and cut where it would leave a volume of
/// `size`.
Box around(const Box& box, const core::Extent3& wanted, const core::Extent3& size);

/// The grid of the box alone.
core::Geometry croppedGrid(const core::Geometry& grid, const Box& box);

/// The box's voxels of one channel [z, y, x] of `size`, to `out`.
template <class T>
void copyBox(const T* voxels, const core::Extent3& size, const Box& box, T* out) {
  const core::VolumeView<T> view{size, voxels};
  for (std::int64_t z = 0; z < box.size.z; ++z)
    for (std::int64_t y = 0; y < box.size.y; ++y) {
      const T* row = voxels + view.offset({box.from.z + z, box.from.y + y, box.from.x});
      out = std::copy(row, row + box.size.x, out);
    }
}

/// The other way: the box's own voxels into one channel of `size`; the rest of `out` stays.
template <class T>
void pasteBox(const T* voxels, const Box& box, const core::Extent3& size, T* out) {
  const core::VolumeView<T> view{size, out};
  for (std::int64_t z = 0; z < box.size.z; ++z)
    for (std::int64_t y = 0; y < box.size.y; ++y, voxels += box.size.x)
      std::copy(voxels, voxels + box.size.x, out + view.offset({box.from.z + z, box.from.y + y, box.from.x}));
}

}  // namespace rind::datasets
