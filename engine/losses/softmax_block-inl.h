// One block of voxels in the first-level cache, for each instruction set (included once per Highway target).

#if defined(RIND_LOSSES_SOFTMAX_BLOCK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RIND_LOSSES_SOFTMAX_BLOCK_INL_H_
#undef RIND_LOSSES_SOFTMAX_BLOCK_INL_H_
#else
#define RIND_LOSSES_SOFTMAX_BLOCK_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <cstring>

#include "rind/losses/channels_last-inl.h"
#include "rind/losses/region_kernels.h"

HWY_BEFORE_NAMESPACE();
namespace rind::losses::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;  // kBlock is a multiple of its lanes
using V = hn::Vec<D>;
using DI = hn::Rebind<std::int32_t, D>;
using DU = hn::Rebind<std::uint32_t, D>;
using DHalf = hn::Rebind<std::uint16_t, D>;

/// Where a block lies: voxels [first, first + count) of one sample.
struct Block {
  std::int64_t sample = 0;
  std::int64_t first = 0;
  int count = 0;
};

HWY_INLINE Block blockAt(const LogitsLayout& layout, std::int64_t index) {
  const std::int64_t sample = index / layout.blocksPerSample();
  const std::int64_t first = (index % layout.blocksPerSample()) * kBlock;
  const std::int64_t left = layout.voxels - first;
  return {sample, first, static_cast<int>(left < kBlock ? left : kBlock)};
}

/// Labels of a block, widened; voxels beyond `count` have label 0, region 0.
struct BlockVoxels {
  HWY_ALIGN std::int32_t label[kBlock];
  HWY_ALIGN std::int32_t region[kBlock];  // 2·label + (in band)
};

/// Returns the largest label.
HWY_INLINE int loadVoxels(const KernelInput& in, const Block& block, BlockVoxels& voxels) {
  const std::int64_t at = block.sample * in.layout.voxels + block.first;
  const std::uint8_t* HWY_RESTRICT labels = in.labels + at;
  const std::uint8_t* HWY_RESTRICT band = in.band + at;
  if (block.count < kBlock) std::memset(&voxels, 0, sizeof(voxels));
  int largest = 0;
  for (int i = 0; i < block.count; ++i) {
    const int label = labels[i];
    voxels.label[i] = label;
    voxels.region[i] = 2 * label + (band[i] != 0 ? 1 : 0);
    largest = label > largest ? label : largest;
  }
  return largest;
}

HWY_INLINE V loadFloats(D d, const float* from) {
  return hn::LoadU(d, from);
}

HWY_INLINE V loadFloats(D d, const std::uint16_t* from) {  // bfloat16 is the upper half of a float32
  return hn::BitCast(d, hn::ShiftLeft<16>(hn::PromoteTo(DU(), hn::LoadU(DHalf(), from))));
}

/// Whether each class's voxels of a block are a run of memory, kBlock of them.
HWY_INLINE bool liesInRuns(const LogitsLayout& layout, const Block& block) {
  return !layout.channels_last && block.count == kBlock;
}

template <class T>
HWY_INLINE T* inMemory(const LogitsLayout& layout, T* values, const Block& block) {
  return values + block.sample * layout.classes * layout.voxels + block.first;
}

/// Copies a block's logits to rows[class][voxel] (kPitch floats a row, 0 beyond the count): one run of memory
/// after the other, which memory likes better than all classes side by side; channels-last memory is
/// transposed.
template <class T>
HWY_INLINE void stage(const LogitsLayout& layout, const T* logits, const Block& block,
                      float* HWY_RESTRICT rows) {
  const D d;
  const std::int64_t classes = layout.classes;
  const T* HWY_RESTRICT from = inMemory(layout, logits, block);
  if (liesInRuns(layout, block)) {
    for (std::int64_t c = 0; c < classes; ++c)
      for (int i = 0; i < kBlock; i += static_cast<int>(hn::Lanes(d)))
        hn::Store(loadFloats(d, from + c * layout.voxels + i), d, rows + c * kPitch + i);
    return;
  }
  if (block.count < kBlock) std::memset(rows, 0, static_cast<std::size_t>(classes) * kPitch * sizeof(float));
  if (layout.channels_last) {
    columnsToRows(logits + (block.sample * layout.voxels + block.first) * classes, classes, block.count,
                  rows);
    return;
  }
  for (std::int64_t c = 0; c < classes; ++c)
    for (int i = 0; i < block.count; ++i) rows[c * kPitch + i] = toFloat(from[c * layout.voxels + i]);
}

HWY_INLINE void streamFloats(D d, V value, float* to) {
  hn::Stream(value, d, to);
}

HWY_INLINE void streamFloats(D, V value, std::uint16_t* to) {  // round to nearest even
  const DU du;
  const auto bits = hn::BitCast(du, value);
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(du, 1u));
  const auto rounded = hn::ShiftRight<16>(hn::Add(bits, hn::Add(odd, hn::Set(du, 0x7FFFu))));
  hn::Stream(hn::TruncateTo(DHalf(), rounded), DHalf(), to);
}

/// Whether rows at `to` may be written past the caches.
template <class T>
HWY_INLINE bool streamable(const LogitsLayout& layout, const Block& block, const T* to) {
  const std::size_t bytes = hn::Lanes(D()) * sizeof(T);
  return liesInRuns(layout, block) && reinterpret_cast<std::uintptr_t>(to) % bytes == 0 &&
         static_cast<std::size_t>(layout.voxels) * sizeof(T) % bytes == 0;
}

/// Writes rows of a block to memory that they could not be streamed to.
template <class T>
HWY_INLINE void writeRows(const LogitsLayout& layout, const Block& block, const float* HWY_RESTRICT rows,
                          T* values) {
  if (layout.channels_last) {
    rowsToColumns(rows, layout.classes, block.count,
                  values + (block.sample * layout.voxels + block.first) * layout.classes);
    return;
  }
  T* HWY_RESTRICT to = inMemory(layout, values, block);
  for (std::int64_t c = 0; c < layout.classes; ++c)
    for (int i = 0; i < block.count; ++i) toStored(rows[c * kPitch + i], to[c * layout.voxels + i]);
}

/// Which classes the block's voxels have.
struct Present {
  bool of[256] = {};
};

/// Asks for the next block's values while this one is computed, a cache line a call; the second-level cache
/// takes them, because rows a power of two apart would drive each other out of the first.
class NextBlock {
 public:
  NextBlock(const LogitsLayout& layout, const void* values, const Block& block)
      : at_(static_cast<const char*>(values)) {
    if (block.first + 2 * kBlock > layout.voxels) return;  // none: the address stays where memory is
    const std::int64_t bytes = layout.bfloat16 ? 2 : 4;
    group_ = 4 * static_cast<std::int64_t>(hn::Lanes(D())) * bytes;
    voxel_ = layout.channels_last ? layout.classes * bytes : bytes;
    class_ = layout.channels_last ? group_ : layout.voxels * bytes;
    at_ += block.sample * layout.classes * layout.voxels * bytes + (block.first + kBlock) * voxel_;
  }

  /// For four vectors of voxels at i, beginning with the first class (or as much memory of whatever class).
  HWY_INLINE const char* at(int i) const { return at_ + i * voxel_; }
  /// Asks for four vectors, and goes on to the class after it.
  HWY_INLINE void ask(const char*& at) const {
    for (std::int64_t line = 0; line < group_; line += 64) __builtin_prefetch(at + line, 0, 2);
    at += class_;
  }

 private:
  const char* at_;
  std::int64_t group_ = 0, voxel_ = 0, class_ = 0;  // bytes from one to the next
};

/// What exponents of 2 are kept between where the processor cannot scale by any.
constexpr float kMostOctaves = 126.0f;
/// Sums beyond this may hold an exponential that is too large to be added up.
constexpr float kLargestTotal = 1e37f;
constexpr float kOctavesPerUnit = 1.44269504f;  // 1/ln 2
constexpr float kUnitsPerOctave = 0.69314718f;

/// Four vectors: what is done to them is written side by side, because each is a chain of dependent steps.
struct FourVectors {
  V a, b, c, d;
};

template <class Step>
HWY_INLINE FourVectors each(const FourVectors& x, const Step& step) {
  return {step(x.a), step(x.b), step(x.c), step(x.d)};
}

template <class Step>
HWY_INLINE FourVectors each(const FourVectors& x, const FourVectors& y, const Step& step) {
  return {step(x.a, y.a), step(x.b, y.b), step(x.c, y.c), step(x.d, y.d)};
}

/// p·2ⁿ of whole n, at least 2^−kMostOctaves: subnormal numbers would be slow, and a p that is not a number
/// would become 0. At most infinity, or (without AVX-512) 2^kMostOctaves.
HWY_INLINE V scaled(D d, V p, V n) {
  const V least = hn::Max(n, hn::Set(d, -kMostOctaves));
#if HWY_TARGET <= HWY_AVX3
  return V{_mm512_scalef_ps(p.raw, least.raw)};
#else
  const DI di;
  const V within = hn::Min(least, hn::Set(d, kMostOctaves));
  return hn::BitCast(d, hn::Add(hn::BitCast(di, p), hn::ShiftLeft<23>(hn::ConvertTo(di, within))));
#endif
}

/// 2^y within 2e-7 relative (of 0 it is 1 exactly), not a number where y is not finite. y = n + f, a
/// polynomial of degree 5 in f (Remez, relative error 9e-8). Adding 1.5·2²³ rounds to n.
HWY_INLINE FourVectors exp2Of(const FourVectors& y) {
  const D d;
  const V shift = hn::Set(d, 12582912.0f);
  const FourVectors shifted = each(y, [&](V v) { return hn::Add(v, shift); });
  const FourVectors n = each(shifted, [&](V v) { return hn::Sub(v, shift); });
  const FourVectors f = each(y, n, [](V v, V m) { return hn::Sub(v, m); });
  const V c5 = hn::Set(d, 0.0013264727f), c4 = hn::Set(d, 0.0096715126f), c3 = hn::Set(d, 0.055507337f);
  const V c2 = hn::Set(d, 0.24022242f), c1 = hn::Set(d, 0.69314698f), one = hn::Set(d, 1.0f);
  FourVectors p = each(f, [&](V v) { return hn::MulAdd(v, c5, c4); });
  p = each(p, f, [&](V q, V v) { return hn::MulAdd(q, v, c3); });
  p = each(p, f, [&](V q, V v) { return hn::MulAdd(q, v, c2); });
  p = each(p, f, [&](V q, V v) { return hn::MulAdd(q, v, c1); });
  p = each(p, f, [&](V q, V v) { return hn::MulAdd(q, v, one); });
  return each(p, n, [&](V q, V m) { return scaled(d, q, m); });
}

/// Whether the voxels of the vector at i are of one region: so are most, and then no gathering is needed.
HWY_INLINE bool ofOneRegion(const BlockVoxels& voxels, int i) {
  const DI di;
  return hn::AllTrue(di, hn::Eq(hn::Load(di, voxels.region + i), hn::Set(di, voxels.region[i])));
}

/// rows[label][i] of the voxels at i.
HWY_INLINE V ofOwnClass(D d, bool one_region, const float* rows, const BlockVoxels& voxels, int i) {
  if (one_region) return hn::Load(d, rows + voxels.label[i] * kPitch + i);
  const DI di;
  const auto index = hn::Add(hn::Mul(hn::Load(di, voxels.label + i), hn::Set(di, kPitch)), hn::Iota(di, 0));
  return hn::GatherIndex(d, rows + i, index);
}

/// table[index[i]] of the voxels at i.
HWY_INLINE V lookUp(D d, bool one_region, const float* table, const std::int32_t* index, int i) {
  if (one_region) return hn::Set(d, table[index[i]]);
  return hn::GatherIndex(d, table, hn::Load(DI(), index + i));
}

HWY_INLINE Present presentIn(const BlockVoxels& voxels) {
  Present present;
  const int lanes = static_cast<int>(hn::Lanes(D()));
  for (int i = 0; i < kBlock; i += lanes) {
    present.of[voxels.label[i]] = true;
    if (ofOneRegion(voxels, i)) continue;
    for (int k = i + 1; k < i + lanes; ++k) present.of[voxels.label[k]] = true;
  }
  return present;
}

/// Whether 2^(y − y_label) added up without one that was too large, or not a number.
HWY_INLINE bool usual(D d, V total) {
  return hn::AllTrue(d, hn::And(hn::Lt(total, hn::Set(d, kLargestTotal)), hn::Gt(total, hn::Set(d, 0.5f))));
}

/// The exponentials of the voxels at i by their largest logit: what z_label cannot do where another logit is
/// far above it.
struct FromLargest {
  V total;        // Σ_c exp(z_c − top)
  V own;          // exp(z_label − top)
  V above_label;  // top − z_label
  bool finite;
};

/// `logits`: rows as they were staged; the exponentials go to `rows`.
HWY_NOINLINE HWY_MAYBE_UNUSED static FromLargest exponentialsFromLargest(const float* HWY_RESTRICT logits, std::int64_t classes,
                                                 V own, int i, float* HWY_RESTRICT rows) {
  const D d;
  V top = own;
  V finite = hn::Zero(d);  // 0·z adds up to 0 over finite logits only
  for (std::int64_t c = 0; c < classes; ++c) {
    const V z = hn::Load(d, logits + c * kPitch + i);
    top = hn::Max(top, z);
    finite = hn::MulAdd(z, hn::Zero(d), finite);
  }
  const auto exponential = [&](V z) {  // 87 below the largest it is nothing
    const V below = hn::Max(hn::Sub(z, top), hn::Set(d, -87.0f));
    const V y = hn::Mul(below, hn::Set(d, kOctavesPerUnit));
    return exp2Of({y, y, y, y}).a;
  };
  V total = hn::Zero(d);
  for (std::int64_t c = 0; c < classes; ++c) {
    const V e = exponential(hn::Load(d, logits + c * kPitch + i));
    hn::Store(e, d, rows + c * kPitch + i);
    total = hn::Add(total, e);
  }
  return {total, exponential(own), hn::Sub(top, own), hn::AllTrue(d, hn::Eq(finite, hn::Zero(d)))};
}

/// What one pass over the classes leaves of four vectors of voxels. With y = z/ln 2, t = y_label rounded:
struct Columns {
  FourVectors total;  // Σ_c 2^(y_c − t)
  FourVectors own;    // z_label
  FourVectors rest;   // y_label − t
};

/// Turns rows of logits into rows of 2^(y_c − t), which is exp(z_c − z_label), for the voxels at i: with
/// z_label in place of the usual largest logit one pass is enough. `also(c, e)` sees the exponentials of each
/// class.
template <class Also>
HWY_INLINE Columns exponentialsAt(std::int64_t classes, const NextBlock& next, const BlockVoxels& voxels,
                                  int i, float* HWY_RESTRICT rows, const Also& also) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const V per_unit = hn::Set(d, kOctavesPerUnit), zero = hn::Zero(d);
  const auto own_at = [&](int k) { return ofOwnClass(d, ofOneRegion(voxels, k), rows, voxels, k); };
  const FourVectors own{own_at(i), own_at(i + lanes), own_at(i + 2 * lanes), own_at(i + 3 * lanes)};
  const FourVectors start = each(own, [&](V z) { return hn::Mul(z, per_unit); });
  FourVectors total{zero, zero, zero, zero};
  const char* asked = next.at(i);
  float* HWY_RESTRICT column = rows + i;
  for (std::int64_t c = 0; c < classes; ++c, column += kPitch) {
    next.ask(asked);
    const FourVectors z{hn::Load(d, column), hn::Load(d, column + lanes), hn::Load(d, column + 2 * lanes),
                        hn::Load(d, column + 3 * lanes)};
    const FourVectors e = exp2Of(each(z, start, [&](V v, V s) { return hn::MulSub(v, per_unit, s); }));
    hn::Store(e.a, d, column);
    hn::Store(e.b, d, column + lanes);
    hn::Store(e.c, d, column + 2 * lanes);
    hn::Store(e.d, d, column + 3 * lanes);
    total = each(total, e, [](V sum, V v) { return hn::Add(sum, v); });
    also(c, e);
  }
  return {total, own, each(own, start, [&](V z, V s) { return hn::MulSub(z, per_unit, s); })};
}

/// Where the voxels at i are of class c.
HWY_INLINE auto ofClass(D d, const BlockVoxels& voxels, std::int64_t c, int i) {
  const DI di;
  return hn::RebindMask(d, hn::Eq(hn::Load(di, voxels.label + i), hn::Set(di, static_cast<std::int32_t>(c))));
}

}  // namespace rind::losses::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RIND_LOSSES_SOFTMAX_BLOCK_INL_H_
