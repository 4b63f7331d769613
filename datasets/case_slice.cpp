#include "rind/datasets/case_slice.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "rind/core/error.h"
#include "rind/datasets/case_loading.h"
#include "rind/datasets/phantom.h"
#include "rind/datasets/volume_reading.h"

namespace rind::datasets {
namespace {

struct Place {
  int axis = 0;
  std::int64_t at = 0;
};

std::int64_t& along(core::Extent3& extent, int axis) {
  return axis == 0 ? extent.z : axis == 1 ? extent.y : extent.x;
}

core::Geometry cut(core::Geometry geometry, const Place& place) {
  std::array<double, 3> from = {0, 0, 0};  // x, y, z
  const auto& spacing = geometry.spacing;
  from[static_cast<std::size_t>(2 - place.axis)] =
      static_cast<double>(place.at) * (place.axis == 0   ? spacing.z
                                       : place.axis == 1 ? spacing.y
                                                         : spacing.x);
  geometry.origin = core::pointAlong(geometry, from);
  along(geometry.size, place.axis) = 1;
  return geometry;
}

/// Calls `use` with the offset of every voxel of the slice, in the order of the array.
template <class Use>
void forEachVoxel(const core::Extent3& size, const Place& place, Use use) {
  core::Extent3 from{0, 0, 0};
  core::Extent3 to = size;
  along(from, place.axis) = place.at;
  along(to, place.axis) = place.at + 1;
  for (std::int64_t z = from.z; z < to.z; ++z)
    for (std::int64_t y = from.y; y < to.y; ++y)
      for (std::int64_t x = from.x; x < to.x; ++x)
        use(static_cast<std::size_t>((z * size.y + y) * size.x + x));
}

/// The first channel of one slice.
RawVolume cut(const RawVolume& raw, const Place& place) {
  RawVolume slice{cut(raw.geometry, place), 1, false, raw.type};
  slice.slope = raw.slope;
  slice.intercept = raw.intercept;
  const std::size_t width = bytesOf(raw.type);
  const std::size_t step = raw.interleaved ? width * static_cast<std::size_t>(raw.channels) : width;
  slice.bytes.resize(static_cast<std::size_t>(slice.geometry.size.voxels()) * width);
  std::byte* out = slice.bytes.data();
  forEachVoxel(raw.geometry.size, place, [&](std::size_t voxel) {
    std::memcpy(out, raw.bytes.data() + voxel * step, width);
    out += width;
  });
  return slice;
}

std::int64_t middleOf(core::Extent3 size, int axis) {
  return along(size, axis) / 2;
}

/// Where half of what `isLabelled` lies before.
template <class IsLabelled>
Place middleOfLabels(core::Extent3 size, int axis, IsLabelled isLabelled) {
  std::vector<std::int64_t> by_slice(static_cast<std::size_t>(along(size, axis)));
  std::size_t voxel = 0;
  core::Extent3 at;
  for (at.z = 0; at.z < size.z; ++at.z)
    for (at.y = 0; at.y < size.y; ++at.y)
      for (at.x = 0; at.x < size.x; ++at.x)
        by_slice[static_cast<std::size_t>(along(at, axis))] += isLabelled(voxel++) ? 1 : 0;
  std::partial_sum(by_slice.begin(), by_slice.end(), by_slice.begin());
  if (by_slice.back() == 0) return {axis, middleOf(size, axis)};
  const auto half = std::lower_bound(by_slice.begin(), by_slice.end(), (by_slice.back() + 1) / 2);
  return {axis, half - by_slice.begin()};
}

template <class Word>
Place middleOfLabels(const RawVolume& raw, int axis) {
  const auto* stored = reinterpret_cast<const Word*>(raw.bytes.data());
  return middleOfLabels(raw.geometry.size, axis, [stored](std::size_t voxel) { return stored[voxel] != 0; });
}

/// A label file's background is stored as 0, whatever its type.
Place middleOfLabels(const RawVolume& raw, int axis) {
  switch (bytesOf(raw.type)) {
    case 1:
      return middleOfLabels<std::uint8_t>(raw, axis);
    case 2:
      return middleOfLabels<std::uint16_t>(raw, axis);
    case 4:
      return middleOfLabels<std::uint32_t>(raw, axis);
    default:
      return middleOfLabels<std::uint64_t>(raw, axis);
  }
}

void clean(std::vector<float>& image) {
  std::replace_if(
      image.begin(), image.end(), [](float value) { return !std::isfinite(value); }, 0.F);
}

CaseSlice slicePhantom(const DataSet& data, const CaseFiles& files,
                       const std::function<int(const core::Geometry&)>& axis) {
  const PhantomCase phantom = renderPhantom(*data.phantom, phantomIndex(data, files));
  const auto& voxels = phantom.labels.voxels;
  const Place place = middleOfLabels(phantom.geometry.size, axis(phantom.geometry),
                                     [&](std::size_t voxel) { return voxels[voxel] != 0; });
  CaseSlice slice{cut(phantom.geometry, place), {}, {}};
  forEachVoxel(phantom.geometry.size, place, [&](std::size_t voxel) {
    slice.image.push_back(phantom.image[voxel]);
    slice.labels.push_back(voxels[voxel]);
  });
  return slice;
}

void throwIfSet(const std::atomic<bool>& cancel) {
  if (cancel) throw core::Interrupted("stopped while a slice was read");
}

}  // namespace

CaseSlice readSlice(const DataSet& data, const CaseFiles& files,
                    const std::function<int(const core::Geometry&)>& axis, const std::atomic<bool>& cancel) {
  throwIfSet(cancel);
  if (data.phantom) return slicePhantom(data, files, axis);
  CaseSlice slice;
  std::optional<Place> place;
  core::Geometry labelled;
  if (!files.labels.empty()) {
    const RawVolume raw = readVolume(files.labels);
    labelled = raw.geometry;
    if (raw.channels == 1) place = middleOfLabels(raw, axis(labelled));
    const std::string where = files.labels.string();
    slice.labels = asClasses(toLabels(place ? cut(raw, *place) : raw, where), data.labels, where).voxels;
  }
  throwIfSet(cancel);
  if (files.images.empty()) throw core::InputError("case", "has no image", "give one file a channel");
  const RawVolume raw = readVolume(files.images.front());
  if (place)
    requireSamePlace(raw.geometry, labelled, files.labels);
  else
    place = Place{axis(raw.geometry), middleOf(raw.geometry.size, axis(raw.geometry))};
  const Image image = toImage(cut(raw, *place));
  slice.geometry = image.geometry;
  slice.image.assign(image.voxels.begin(), image.voxels.end());
  clean(slice.image);
  slice.labels.resize(slice.image.size());
  return slice;
}

}  // namespace rind::datasets
