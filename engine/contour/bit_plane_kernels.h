#pragma once

#include <cstdint>

namespace rind::contour {

/// A plane of bits: `rows` rows of `words` 64-bit words, bit i of word k is voxel 64·k + i of the row. Bits
/// past `width` are 0. A plane's memory has `words` zero words on either side, so that rows above and below
/// may be read.
struct PlaneShape {
  std::int64_t rows = 0;
  std::int64_t words = 0;
  std::int64_t width = 0;  ///< voxels in a row

  std::int64_t count() const { return rows * words; }
};

/// Per word of a plane: which bits are voxels, and whether a neighbour in the word before or after is in the
/// same row.
struct PlaneMasks {
  const std::uint64_t* inside = nullptr;
  const std::uint64_t* from_before = nullptr;  ///< 0 at the first word of a row, else 1
  const std::uint64_t* from_after = nullptr;   ///< 0 at the last word of a row, else 1 << 63
};

/// One plane of labels, rows at a distance of `width` bytes; nothing is read at or after `end`.
struct LabelPlane {
  const std::uint8_t* labels = nullptr;
  const std::uint8_t* end = nullptr;
};

/// The voxels of a plane whose 3×3 neighbours in the plane are not all of one label. `scratch`: two padded
/// planes.
void mixedInPlane(const LabelPlane& plane, const PlaneShape& shape, const PlaneMasks& masks,
                  std::uint64_t* scratch, std::uint64_t* out);

/// The voxels whose label differs from that of the same voxel of the next plane, `next` bytes further on.
void differFromNext(const LabelPlane& plane, std::int64_t next, const PlaneShape& shape, std::uint64_t* out);

/// out = the voxels set in any of the `number` planes; what they hold past a row is dropped. Returns whether
/// every voxel of `out` is set.
bool unite(const std::uint64_t* const* planes, int number, const PlaneShape& shape, const PlaneMasks& masks,
           std::uint64_t* out);

/// One step of dilation by a 3-cube: `below`, `here` and `above` are three neighbouring planes (the same one
/// again at the end of the volume). `scratch`: two padded planes. Returns whether every voxel of `out` is
/// set.
bool dilate(const std::uint64_t* const (&planes)[3], const PlaneShape& shape, const PlaneMasks& masks,
            std::uint64_t* scratch, std::uint64_t* out);

/// For each voxel adds the number of the `levels` planes whose bit is 0 to `depth` (rows at a distance of
/// `width`). `planes` only grow: a bit of one is set in all later ones.
void addUncovered(const std::uint64_t* const* planes, int levels, const PlaneShape& shape,
                  std::uint8_t* depth);

/// The same, where `depth` holds nothing yet: 1 + the number of planes whose bit is 0.
void setUncovered(const std::uint64_t* const* planes, int levels, const PlaneShape& shape,
                  std::uint8_t* depth);

/// 1 for every voxel whose bit in `plane` is set (and, unless `with_background`, whose label is not 0), else
/// 0.
void writeBits(const std::uint64_t* plane, const LabelPlane& labels, const PlaneShape& shape,
               bool with_background, std::uint8_t* out);

}  // namespace rind::contour
