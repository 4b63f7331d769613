#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rind/core/geometry.h"

namespace rind::core {

/// Borrowed voxels, [z, y, x], x contiguous.
template <class T>
struct VolumeView {
  Extent3 size;
  const T* data = nullptr;

  std::size_t count() const { return static_cast<std::size_t>(size.voxels()); }
  std::size_t offset(const Index3& at) const {
    return static_cast<std::size_t>((at.z * size.y + at.y) * size.x + at.x);
  }
  const T& operator[](const Index3& at) const { return data[offset(at)]; }
};

/// Owned voxels, [z, y, x], x contiguous.
template <class T>
struct Volume {
  Extent3 size;
  std::vector<T> voxels;

  Volume() = default;
  explicit Volume(const Extent3& extent, T value = T{})
      : size(extent), voxels(static_cast<std::size_t>(extent.voxels()), value) {}

  VolumeView<T> view() const { return {size, voxels.data()}; }
  operator VolumeView<T>() const { return view(); }  // NOLINT(google-explicit-constructor): a view of itself
  T& operator[](const Index3& at) { return voxels[view().offset(at)]; }
  const T& operator[](const Index3& at) const { return voxels[view().offset(at)]; }
};

using LabelVolume = Volume<std::uint8_t>;
using LabelView = VolumeView<std::uint8_t>;
/// Chebyshev depths capped at 255.
using DepthVolume = Volume<std::uint8_t>;
using DepthView = VolumeView<std::uint8_t>;

}  // namespace rind::core
