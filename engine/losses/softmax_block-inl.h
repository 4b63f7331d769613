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

/// Copies a block's logits to rows[class][voxel] (kPitch floats a row, 0 beyond the count), one run of memory
/// after the other, and keeps the largest of each voxel.
template <class T>
HWY_INLINE void stageRows(const LogitsLayout& layout, const T* logits, const Block& block,
                          float* HWY_RESTRICT rows, float* HWY_RESTRICT top) {
  const D d;
  for (std::int64_t c = 0; c < layout.classes; ++c) {
    const T* HWY_RESTRICT from = logits + (block.sample * layout.classes + c) * layout.voxels + block.first;
    float* HWY_RESTRICT row = rows + c * kPitch;
    for (int i = 0; i < kBlock; i += static_cast<int>(hn::Lanes(d))) {
      const V z = loadFloats(d, from + i);
      hn::Store(z, d, row + i);
      hn::Store(c == 0 ? z : hn::Max(z, hn::Load(d, top + i)), d, top + i);
    }
  }
}

/// The same for channels-last memory (a transposition), and for the rest at a sample's end.
template <class T>
HWY_INLINE void stageVoxels(const LogitsLayout& layout, const T* logits, const Block& block,
                            float* HWY_RESTRICT rows, float* HWY_RESTRICT top) {
  const std::int64_t classes = layout.classes;
  if (block.count < kBlock) std::memset(rows, 0, static_cast<std::size_t>(classes) * kPitch * sizeof(float));
  if (layout.channels_last) {
    columnsToRows(logits + (block.sample * layout.voxels + block.first) * classes, classes, block.count,
                  rows);
  } else {
    const T* HWY_RESTRICT from = logits + block.sample * classes * layout.voxels + block.first;
    for (std::int64_t c = 0; c < classes; ++c)
      for (int i = 0; i < block.count; ++i) rows[c * kPitch + i] = toFloat(from[c * layout.voxels + i]);
  }
  const D d;
  for (int i = 0; i < kBlock; i += static_cast<int>(hn::Lanes(d))) {
    V largest = hn::Load(d, rows + i);
    for (std::int64_t c = 1; c < classes; ++c) largest = hn::Max(largest, hn::Load(d, rows + c * kPitch + i));
    hn::Store(largest, d, top + i);
  }
}

template <class T>
HWY_INLINE void stageAs(const KernelInput& in, const Block& block, float* rows, float* top) {
  const auto* logits = static_cast<const T*>(in.logits);
  if (in.layout.channels_last || block.count < kBlock)
    stageVoxels(in.layout, logits, block, rows, top);
  else
    stageRows(in.layout, logits, block, rows, top);
}

HWY_INLINE void stageLogits(const KernelInput& in, const Block& block, float* rows, float* top) {
  if (in.layout.bfloat16)
    stageAs<std::uint16_t>(in, block, rows, top);
  else
    stageAs<float>(in, block, rows, top);
}

/// Asks for the next block's logits while this one is computed, a cache line a call; the second-level cache
/// takes them, because rows a power of two apart would drive each other out of the first.
class NextBlock {
 public:
  NextBlock(const KernelInput& in, const Block& block) : at_(static_cast<const char*>(in.logits)) {
    const LogitsLayout& layout = in.layout;
    if (block.first + 2 * kBlock > layout.voxels) return;  // none: the address stays where memory is
    const std::int64_t bytes = layout.bfloat16 ? 2 : 4;
    vector_ = static_cast<std::int64_t>(hn::Lanes(D())) * bytes;
    voxel_ = layout.channels_last ? layout.classes * bytes : bytes;
    class_ = layout.channels_last ? 2 * vector_ : layout.voxels * bytes;
    at_ += block.sample * layout.classes * layout.voxels * bytes + (block.first + kBlock) * voxel_;
  }

  /// For two vectors of voxels at i, beginning with the first class (or as much memory of whatever class).
  HWY_INLINE const char* at(int i) const { return at_ + i * voxel_; }
  /// Asks for two vectors, and goes on to the class after it.
  HWY_INLINE void ask(const char*& at) const {
    __builtin_prefetch(at, 0, 2);
    if (vector_ > 32) __builtin_prefetch(at + vector_, 0, 2);
    at += class_;
  }

 private:
  const char* at_;
  std::int64_t vector_ = 0, voxel_ = 0, class_ = 0;  // bytes from one to the next
};

/// exp(x) for x ≤ 0, within 1e-7 relative (0 becomes 1 exactly; below −86 it stays at 4e-38). x = n·ln 2 + r,
/// a polynomial of degree 6 in r (Remez, relative error 2e-9), n added to the exponent. Adding 1.5·2²³ rounds
/// to n and leaves n in the low bits.
HWY_INLINE V expNegative(D d, V x) {
  const DI di;
  const V shift = hn::Set(d, 12582912.0f);
  x = hn::Max(x, hn::Set(d, -86.0f));
  const V shifted = hn::MulAdd(x, hn::Set(d, 1.44269504f), shift);
  const V r = hn::NegMulAdd(hn::Sub(shifted, shift), hn::Set(d, 0.69314718f), x);
  V p = hn::MulAdd(r, hn::Set(d, 0.0013836836f), hn::Set(d, 0.0083748240f));
  p = hn::MulAdd(p, r, hn::Set(d, 0.041668226f));
  p = hn::MulAdd(p, r, hn::Set(d, 0.16666420f));
  p = hn::MulAdd(p, r, hn::Set(d, 0.49999992f));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0f));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0f));
  return hn::BitCast(d, hn::Add(hn::BitCast(di, p), hn::ShiftLeft<23>(hn::BitCast(di, shifted))));
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

}  // namespace rind::losses::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RIND_LOSSES_SOFTMAX_BLOCK_INL_H_
