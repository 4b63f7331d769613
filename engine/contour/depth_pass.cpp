#include "rind/contour/depth_pass.h"

#include <algorithm>
#include <array>

#include "rind/contour/bit_plane_kernels.h"

namespace rind::contour {
namespace {

using Word = std::uint64_t;

/// Planes of level k that are in use at a time: three for level k + 1, and as many as the last level lags
/// behind.
int ringSize(int level, int levels) {
  return std::max(3, levels - level + 1);
}

int ringPlanes(int levels) {
  int planes = 0;
  for (int k = 1; k <= levels; ++k) planes += ringSize(k, levels);
  return planes;
}

/// Padded planes in one block of memory; plane z lives in slot z modulo the number of slots.
class Ring {
 public:
  Ring(int slots, const PlaneShape& shape)
      : slots_(slots),
        words_(shape.words),
        pitch_(shape.count() + 2 * shape.words),
        memory_(static_cast<std::size_t>(slots * pitch_)),
        full_(static_cast<std::size_t>(slots), 0) {}

  Word* plane(std::int64_t z) { return memory_.data() + (z % slots_) * pitch_ + words_; }
  Word* block() { return memory_.data(); }
  void setFull(std::int64_t z, bool full) { full_[static_cast<std::size_t>(z % slots_)] = full; }
  bool full(std::int64_t z) const { return full_[static_cast<std::size_t>(z % slots_)] != 0; }

 private:
  std::int64_t slots_;
  std::int64_t words_;
  std::int64_t pitch_;
  std::vector<Word> memory_;
  std::vector<char> full_;
};

/// The masks of a plane, and the faces of the volume along y and x.
struct MaskPlanes {
  std::vector<Word> inside, from_before, from_after, faces;

  explicit MaskPlanes(const PlaneShape& s) {
    const Word last = s.width % 64 ? (Word{1} << (s.width % 64)) - 1 : ~Word{0};
    for (std::int64_t i = 0; i < s.count(); ++i) {
      const bool at_first = i % s.words == 0, at_last = (i + 1) % s.words == 0;
      inside.push_back(at_last ? last : ~Word{0});
      from_before.push_back(at_first ? 0 : 1);
      from_after.push_back(at_last ? 0 : Word{1} << 63);
    }
    faces.resize(inside.size());
  }

  PlaneMasks view() const { return {inside.data(), from_before.data(), from_after.data()}; }
};

class Sweep {
 public:
  Sweep(const DepthPass& pass, const Tile& tile);
  TileResult run();

 private:
  void firstLevel(std::int64_t z);
  void boundary(std::int64_t z);
  void flat(std::int64_t z);
  void nextLevel(int level, std::int64_t z);
  void grow(const std::array<const Word*, 3>& planes, bool full, Ring& ring, std::int64_t z);
  void emit(std::int64_t z);
  void addToMap(const Word* const* planes, const PlaneShape& own, std::int64_t at);
  void look(const Word* last);
  void markFaces();
  LabelPlane labelPlane(std::int64_t z) const;
  const Word* given(std::int64_t z) const { return pass_.from->row(z, y_begin_); }
  std::int64_t below(std::int64_t z) const { return std::max(z - 1, z_begin_); }
  std::int64_t above(std::int64_t z) const { return std::min(z + 1, z_end_ - 1); }
  Ring& ring(int level) { return rings_[static_cast<std::size_t>(level - 1)]; }

  const DepthPass& pass_;
  const Tile tile_;
  const core::Extent3 size_;
  std::int64_t z_begin_, z_end_, y_begin_, y_end_;  // the tile and `levels` voxels around it
  PlaneShape shape_;
  MaskPlanes masks_;
  Ring scratch_, flat_, edge_;
  std::vector<Ring> rings_;
  std::vector<std::uint8_t> counts_;
  TileResult result_;
};

Sweep::Sweep(const DepthPass& pass, const Tile& tile)
    : pass_(pass),
      tile_(tile),
      size_(pass.labels.size),
      z_begin_(std::max<std::int64_t>(tile.z_begin - pass.levels, 0)),
      z_end_(std::min(tile.z_end + pass.levels, size_.z)),
      y_begin_(std::max<std::int64_t>(tile.y_begin - pass.levels, 0)),
      y_end_(std::min(tile.y_end + pass.levels, size_.y)),
      shape_{y_end_ - y_begin_, (size_.x + 63) / 64, size_.x},
      masks_(shape_),
      scratch_(2, shape_),
      flat_(3, shape_),
      edge_(2, shape_) {
  for (int k = 1; k <= pass.levels; ++k) rings_.emplace_back(ringSize(k, pass.levels), shape_);
  if (pass.exact_depth) counts_.resize(static_cast<std::size_t>((tile.y_end - tile.y_begin) * size_.x));
  if (pass.zero_border) markFaces();
}

void Sweep::markFaces() {
  auto& faces = masks_.faces;
  const auto fillRow = [&](std::int64_t y) {
    if (y < y_begin_ || y >= y_end_) return;
    const auto at = (y - y_begin_) * shape_.words;
    std::copy_n(masks_.inside.begin() + at, shape_.words, faces.begin() + at);
  };
  if (size_.y > 1) {
    fillRow(0);
    fillRow(size_.y - 1);
  }
  if (size_.x == 1) return;
  for (std::size_t y = 0; y < static_cast<std::size_t>(shape_.rows); ++y) {
    const std::size_t at = y * static_cast<std::size_t>(shape_.words);
    faces[at] |= 1;
    faces[at + static_cast<std::size_t>(shape_.words) - 1] |= Word{1} << ((size_.x - 1) & 63);
  }
}

LabelPlane Sweep::labelPlane(std::int64_t z) const {
  return {pass_.labels.data + pass_.labels.offset({z, y_begin_, 0}),
          pass_.labels.data + pass_.labels.count()};
}

TileResult Sweep::run() {
  for (std::int64_t s = z_begin_; s < z_end_ + pass_.levels - 1; ++s) {
    if (s < z_end_) firstLevel(s);
    for (int k = 2; k <= pass_.levels; ++k) {
      const std::int64_t z = s - (k - 1);
      if (z >= z_begin_ && z < z_end_) nextLevel(k, z);
    }
    const std::int64_t done = s - (pass_.levels - 1);
    if (done >= tile_.z_begin && done < tile_.z_end) emit(done);
  }
  return result_;
}

void Sweep::firstLevel(std::int64_t z) {
  if (pass_.from)
    grow({given(below(z)), given(z), given(above(z))}, false, ring(1), z);
  else
    boundary(z);
}

/// Depth 1: the 3-cube around the voxel is not all of one label. If a voxel of plane z + 1 in it is of
/// another one, then either the voxel right above is, or plane z + 1 is mixed there.
void Sweep::boundary(std::int64_t z) {
  if (z == z_begin_) flat(z);
  if (z + 1 < z_end_) {
    flat(z + 1);
    differFromNext(labelPlane(z), size_.y * size_.x, shape_, edge_.plane(z));
  }
  std::array<const Word*, 6> parts = {masks_.faces.data(), flat_.plane(z)};
  int number = 2;
  const auto add = [&](const Word* plane) { parts[static_cast<std::size_t>(number++)] = plane; };
  if (z > z_begin_) {
    add(flat_.plane(z - 1));
    add(edge_.plane(z - 1));
  }
  if (z + 1 < z_end_) {
    add(flat_.plane(z + 1));
    add(edge_.plane(z));
  }
  const bool face = pass_.zero_border && size_.z > 1 && (z == 0 || z + 1 == size_.z);
  if (face) parts[0] = masks_.inside.data();
  ring(1).setFull(z, unite(parts.data(), number, shape_, masks_.view(), ring(1).plane(z)));
}

void Sweep::flat(std::int64_t z) {
  mixedInPlane(labelPlane(z), shape_, masks_.view(), scratch_.block(), flat_.plane(z));
}

void Sweep::nextLevel(int level, std::int64_t z) {
  Ring& last = ring(level - 1);
  grow({last.plane(below(z)), last.plane(z), last.plane(above(z))}, last.full(z), ring(level), z);
}

void Sweep::grow(const std::array<const Word*, 3>& planes, bool full, Ring& ring, std::int64_t z) {
  if (full) {
    std::copy(masks_.inside.begin(), masks_.inside.end(), ring.plane(z));
    ring.setFull(z, true);
    return;
  }
  const Word* const three[3] = {planes[0], planes[1], planes[2]};
  ring.setFull(z, dilate(three, shape_, masks_.view(), scratch_.block(), ring.plane(z)));
}

void Sweep::emit(std::int64_t z) {
  const std::int64_t skipped = (tile_.y_begin - y_begin_) * shape_.words;
  std::array<const Word*, 256> planes;
  for (int k = 1; k <= pass_.levels; ++k)
    planes[static_cast<std::size_t>(k - 1)] = ring(k).plane(z) + skipped;
  const PlaneShape own = {tile_.y_end - tile_.y_begin, shape_.words, shape_.width};
  const std::int64_t at = (z * size_.y + tile_.y_begin) * size_.x;
  const Word* last = planes[static_cast<std::size_t>(pass_.levels - 1)];
  if (pass_.to) {
    std::copy_n(last, own.count(), pass_.to->row(z, tile_.y_begin));
    look(last);
  }
  if (pass_.band) {
    const LabelPlane labels = {pass_.labels.data + at, pass_.labels.data + pass_.labels.count()};
    writeBits(last, labels, own, pass_.band_of_background, pass_.band + at);
  } else if (!pass_.from || !ring(1).full(z)) {
    addToMap(planes.data(), own, at);
  }
}

/// Adds the levels that the voxels from `at` on are not in.
void Sweep::addToMap(const Word* const* planes, const PlaneShape& own, std::int64_t at) {
  std::uint8_t* depth = pass_.depth ? pass_.depth + at : counts_.data();
  if (pass_.exact_depth) std::fill(counts_.begin(), counts_.end(), std::uint8_t{0});
  const auto count = pass_.from ? addUncovered : setUncovered;
  count(planes, pass_.levels, own, depth);
  if (!pass_.exact_depth) return;
  for (std::size_t i = 0; i < counts_.size(); ++i)
    pass_.exact_depth[at + static_cast<std::int64_t>(i)] =
        static_cast<std::int16_t>(pass_.exact_depth[at + static_cast<std::int64_t>(i)] + counts_[i]);
}

void Sweep::look(const Word* last) {
  const std::int64_t count = (tile_.y_end - tile_.y_begin) * shape_.words;
  Word any = 0, missing = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    any |= last[i];
    missing |= last[i] ^ masks_.inside[static_cast<std::size_t>(i)];
  }
  result_.any_set = result_.any_set || any != 0;
  result_.all_set = result_.all_set && missing == 0;
}

}  // namespace

TileResult runTile(const DepthPass& pass, const Tile& tile) {
  return Sweep(pass, tile).run();
}

std::int64_t tileBytes(std::int64_t rows, std::int64_t width, int levels) {
  constexpr int others = 11;  // scratch, flat and edge planes, masks
  return (ringPlanes(levels) + others) * (rows + 2) * ((width + 63) / 64) * 8;
}

}  // namespace rind::contour
