// Compiled once for each kind of processor; the fastest that runs here is chosen at run time (Highway).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rind/contour/bit_plane_kernels.cpp"
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "rind/contour/bit_plane_kernels.h"

HWY_BEFORE_NAMESPACE();
namespace rind::contour::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Word = std::uint64_t;
using Bytes = hn::CappedTag<std::uint8_t, 64>;

// Bits from i on, one a lane.
HWY_INLINE auto maskAt(Bytes d, const std::uint8_t* bits, std::size_t i) {
#if HWY_TARGET == HWY_SCALAR
  return hn::FirstN(d, bits[i / 8] >> (i % 8) & 1u);
#else
  return hn::LoadMaskBits(d, bits + i / 8);
#endif
}

// Bits where the 64 bytes at a and b differ.
HWY_INLINE Word differWord(const std::uint8_t* a, const std::uint8_t* b) {
#if HWY_TARGET == HWY_SCALAR
  Word differing = 0;
  for (std::size_t i = 0; i < 64; ++i) differing |= Word{a[i] != b[i]} << i;
  return differing;
#else
  const Bytes d;
  alignas(8) std::uint8_t bits[64];
  for (std::size_t i = 0; i < 64; i += hn::Lanes(d))
    hn::StoreMaskBits(d, hn::Ne(hn::LoadU(d, a + i), hn::LoadU(d, b + i)), bits + i / 8);
  Word word;
  __builtin_memcpy(&word, bits, sizeof word);
  return word;
#endif
}

// The same where `end` may come before 64 bytes are over: bytes from there on count as alike.
HWY_INLINE Word differWordBefore(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* end) {
  const std::uint8_t* last = a < b ? b : a;
  if (last + 64 <= end) return differWord(a, b);
  std::uint8_t left[64] = {}, right[64] = {};
  const auto count = last < end ? static_cast<std::size_t>(end - last) : 0;
  __builtin_memcpy(left, a, count);
  __builtin_memcpy(right, b, count);
  return differWord(left, right);
}

// One row of `words` words; bits past the row are garbage (they are masked where a plane is finished).
HWY_INLINE void differRow(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* end,
                          std::int64_t words, Word* out) {
  for (std::int64_t i = 0; i < words; ++i) out[i] = differWordBefore(a + 64 * i, b + 64 * i, end);
}

// A pair along x (or y) that differs, marked at the first of the two.
HWY_INLINE void differInPlane(const LabelPlane& plane, const PlaneShape& s, Word* along_x, Word* along_y) {
  const Word last = Word{1} << ((s.width - 1) & 63);
  for (std::int64_t y = 0; y < s.rows; ++y) {
    const std::uint8_t* row = plane.labels + y * s.width;
    differRow(row, row + 1, plane.end, s.words, along_x + y * s.words);
    along_x[y * s.words + (s.width - 1) / 64] &= last - 1;
    if (y + 1 < s.rows) differRow(row, row + s.width, plane.end, s.words, along_y + y * s.words);
  }
  for (std::int64_t i = s.count() - s.words; i < s.count(); ++i) along_y[i] = 0;
}

void MixedInPlane(const LabelPlane& plane, const PlaneShape& s, const PlaneMasks& masks, Word* scratch,
                  Word* out) {
  const std::int64_t words = s.words, count = s.count();
  Word* HWY_RESTRICT along_x = scratch + words;
  Word* HWY_RESTRICT mixed_x = along_x + count + 2 * words;
  Word* HWY_RESTRICT along_y = out;
  const Word* HWY_RESTRICT from_before = masks.from_before;
  const Word* HWY_RESTRICT inside = masks.inside;
  differInPlane(plane, s, along_x, along_y);
  for (std::int64_t i = 0; i < count; ++i)
    mixed_x[i] = along_x[i] | along_x[i] << 1 | ((along_x[i - 1] >> 63) & from_before[i]);
  Word* HWY_RESTRICT mixed = along_x;
  for (std::int64_t i = 0; i < count; ++i)
    mixed[i] = mixed_x[i - words] | mixed_x[i] | mixed_x[i + words] | along_y[i] | along_y[i - words];
  for (std::int64_t i = 0; i < count; ++i) out[i] = mixed[i] & inside[i];
}

void DifferFromNext(const LabelPlane& plane, std::int64_t next, const PlaneShape& s, Word* out) {
  for (std::int64_t y = 0; y < s.rows; ++y) {
    const std::uint8_t* row = plane.labels + y * s.width;
    differRow(row, row + next, plane.end, s.words, out + y * s.words);
  }
}

bool Unite(const Word* const* planes, int number, const PlaneShape& s, const PlaneMasks& masks,
           Word* HWY_RESTRICT out) {
  const std::int64_t count = s.count();
  const Word* HWY_RESTRICT inside = masks.inside;
  const Word* HWY_RESTRICT first = planes[0];
  for (std::int64_t i = 0; i < count; ++i) out[i] = first[i];
  for (int k = 1; k < number; ++k) {
    const Word* HWY_RESTRICT plane = planes[k];
    for (std::int64_t i = 0; i < count; ++i) out[i] |= plane[i];
  }
  Word uncovered = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    out[i] &= inside[i];
    uncovered |= out[i] ^ inside[i];
  }
  return uncovered == 0;
}

bool Dilate(const Word* const (&planes)[3], const PlaneShape& s, const PlaneMasks& masks, Word* scratch,
            Word* out) {
  const std::int64_t words = s.words, count = s.count();
  const Word *a = planes[0], *b = planes[1], *c = planes[2];
  const Word* HWY_RESTRICT from_before = masks.from_before;
  const Word* HWY_RESTRICT from_after = masks.from_after;
  const Word* HWY_RESTRICT inside = masks.inside;
  Word* HWY_RESTRICT grown_z = scratch + words;
  Word* HWY_RESTRICT grown_x = grown_z + count + 2 * words;
  for (std::int64_t i = 0; i < count; ++i) grown_z[i] = a[i] | b[i] | c[i];
  for (std::int64_t i = 0; i < count; ++i)
    grown_x[i] = (grown_z[i] | grown_z[i] << 1 | grown_z[i] >> 1 | ((grown_z[i - 1] >> 63) & from_before[i]) |
                  ((grown_z[i + 1] << 63) & from_after[i])) &
                 inside[i];
  Word* HWY_RESTRICT to = out;
  Word uncovered = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const Word grown = grown_x[i - words] | grown_x[i] | grown_x[i + words];
    to[i] = grown;
    uncovered |= grown ^ inside[i];
  }
  return uncovered == 0;
}

// 64 voxels: `depth` + the number of planes whose bit is 0.
HWY_INLINE void addWord(const Word* const* planes, int levels, std::int64_t at, std::uint8_t* depth) {
  const Bytes d;
  const auto one = hn::Set(d, 1);
  for (std::size_t i = 0; i < 64; i += hn::Lanes(d)) {
    auto v = hn::Add(hn::LoadU(d, depth + i), hn::Set(d, static_cast<std::uint8_t>(levels)));
    for (int k = 0; k < levels; ++k) {
      const auto* bits = reinterpret_cast<const std::uint8_t*>(planes[k] + at);
      v = hn::Sub(v, hn::IfThenElseZero(maskAt(d, bits, i), one));
    }
    hn::StoreU(v, d, depth + i);
  }
}

template <bool kFirst>
void Uncovered(const Word* const* planes, int levels, const PlaneShape& s, std::uint8_t* depth) {
  for (std::int64_t y = 0; y < s.rows; ++y)
    for (std::int64_t i = 0; i < s.words; ++i) {
      const auto left = static_cast<std::size_t>(s.width - 64 * i);
      const std::int64_t at = y * s.words + i;
      std::uint8_t* to = depth + y * s.width + 64 * i;
      const Word inside = left >= 64 ? ~Word{0} : (Word{1} << left) - 1;
      if (!kFirst && planes[0][at] == inside) continue;
      std::uint8_t edge[64];
      std::uint8_t* block = left >= 64 ? to : edge;
      if (kFirst)
        __builtin_memset(block, 1, 64);
      else if (left < 64)
        __builtin_memcpy(edge, to, left);
      addWord(planes, levels, at, block);
      if (left < 64) __builtin_memcpy(to, edge, left);
    }
}

void AddUncovered(const Word* const* planes, int levels, const PlaneShape& s, std::uint8_t* depth) {
  Uncovered<false>(planes, levels, s, depth);
}

void SetUncovered(const Word* const* planes, int levels, const PlaneShape& s, std::uint8_t* depth) {
  Uncovered<true>(planes, levels, s, depth);
}

// 64 voxels of writeBits.
HWY_INLINE void writeWord(Word word, const std::uint8_t* labels, bool with_background, std::uint8_t* out) {
  const Bytes d;
  alignas(8) std::uint8_t bits[sizeof word + 64 / 8];  // some targets load more than they need
  __builtin_memcpy(bits, &word, sizeof word);
  for (std::size_t i = 0; i < 64; i += hn::Lanes(d)) {
    auto inside = maskAt(d, bits, i);
    if (!with_background) inside = hn::And(inside, hn::Ne(hn::LoadU(d, labels + i), hn::Zero(d)));
    hn::StoreU(hn::IfThenElseZero(inside, hn::Set(d, 1)), d, out + i);
  }
}

void WriteBits(const Word* plane, const LabelPlane& labels, const PlaneShape& s, bool with_background,
               std::uint8_t* out) {
  for (std::int64_t y = 0; y < s.rows; ++y)
    for (std::int64_t i = 0; i < s.words; ++i) {
      const std::int64_t at = y * s.width + 64 * i;
      const auto left = static_cast<std::size_t>(s.width - 64 * i);
      const Word word = plane[y * s.words + i];
      if (left >= 64) {
        writeWord(word, labels.labels + at, with_background, out + at);
        continue;
      }
      std::uint8_t from[64] = {}, to[64];
      __builtin_memcpy(from, labels.labels + at, left);
      writeWord(word, from, with_background, to);
      __builtin_memcpy(out + at, to, left);
    }
}

}  // namespace rind::contour::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rind::contour {

HWY_EXPORT(MixedInPlane);
HWY_EXPORT(DifferFromNext);
HWY_EXPORT(Unite);
HWY_EXPORT(Dilate);
HWY_EXPORT(AddUncovered);
HWY_EXPORT(SetUncovered);
HWY_EXPORT(WriteBits);

void mixedInPlane(const LabelPlane& plane, const PlaneShape& shape, const PlaneMasks& masks,
                  std::uint64_t* scratch, std::uint64_t* out) {
  HWY_DYNAMIC_DISPATCH(MixedInPlane)(plane, shape, masks, scratch, out);
}

void differFromNext(const LabelPlane& plane, std::int64_t next, const PlaneShape& shape, std::uint64_t* out) {
  HWY_DYNAMIC_DISPATCH(DifferFromNext)(plane, next, shape, out);
}

bool unite(const std::uint64_t* const* planes, int number, const PlaneShape& shape, const PlaneMasks& masks,
           std::uint64_t* out) {
  return HWY_DYNAMIC_DISPATCH(Unite)(planes, number, shape, masks, out);
}

bool dilate(const std::uint64_t* const (&planes)[3], const PlaneShape& shape, const PlaneMasks& masks,
            std::uint64_t* scratch, std::uint64_t* out) {
  return HWY_DYNAMIC_DISPATCH(Dilate)(planes, shape, masks, scratch, out);
}

void addUncovered(const std::uint64_t* const* planes, int levels, const PlaneShape& shape,
                  std::uint8_t* depth) {
  HWY_DYNAMIC_DISPATCH(AddUncovered)(planes, levels, shape, depth);
}

void setUncovered(const std::uint64_t* const* planes, int levels, const PlaneShape& shape,
                  std::uint8_t* depth) {
  HWY_DYNAMIC_DISPATCH(SetUncovered)(planes, levels, shape, depth);
}

void writeBits(const std::uint64_t* plane, const LabelPlane& labels, const PlaneShape& shape,
               bool with_background, std::uint8_t* out) {
  HWY_DYNAMIC_DISPATCH(WriteBits)(plane, labels, shape, with_background, out);
}

}  // namespace rind::contour
#endif  // HWY_ONCE
