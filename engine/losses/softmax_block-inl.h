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

HWY_INLINE float toFloat(float value) {
  return value;
}

HWY_INLINE float toFloat(std::uint16_t bits) {
  const std::uint32_t wide = static_cast<std::uint32_t>(bits) << 16;
  float value;
  std::memcpy(&value, &wide, sizeof(value));
  return value;
}

/// Copies a block's logits to rows[class][voxel] (kBlock floats a row, 0 beyond the count), one run of memory
/// after the other. What the next block will need is asked for meanwhile.
template <class T>
HWY_INLINE void stageRows(const LogitsLayout& layout, const T* logits, const Block& block,
                          float* HWY_RESTRICT rows) {
  const D d;
  for (std::int64_t c = 0; c < layout.classes; ++c) {
    const T* HWY_RESTRICT from = logits + (block.sample * layout.classes + c) * layout.voxels + block.first;
    float* HWY_RESTRICT row = rows + c * kBlock;
    if (block.count == kBlock) {
      constexpr int kLine = 64 / static_cast<int>(sizeof(T));
      for (int i = 0; i < kBlock; i += kLine) hwy::Prefetch(from + kBlock + i);
      for (int i = 0; i < kBlock; i += static_cast<int>(hn::Lanes(d)))
        hn::Store(loadFloats(d, from + i), d, row + i);
    } else {
      for (int i = 0; i < kBlock; ++i) row[i] = i < block.count ? toFloat(from[i]) : 0.0f;
    }
  }
}

/// The same from channels-last memory: a transposition.
template <class T>
HWY_INLINE void stageColumns(const LogitsLayout& layout, const T* logits, const Block& block,
                             float* HWY_RESTRICT rows) {
  const std::int64_t classes = layout.classes;
  const T* HWY_RESTRICT from = logits + (block.sample * layout.voxels + block.first) * classes;
  if (block.count < kBlock) std::memset(rows, 0, static_cast<std::size_t>(classes) * kBlock * sizeof(float));
  for (int i = 0; i < block.count; ++i)
    for (std::int64_t c = 0; c < classes; ++c) rows[c * kBlock + i] = toFloat(from[i * classes + c]);
}

HWY_INLINE void stageLogits(const KernelInput& in, const Block& block, float* rows) {
  const LogitsLayout& layout = in.layout;
  if (layout.bfloat16) {
    const auto* logits = static_cast<const std::uint16_t*>(in.logits);
    layout.channels_last ? stageColumns(layout, logits, block, rows) : stageRows(layout, logits, block, rows);
  } else {
    const auto* logits = static_cast<const float*>(in.logits);
    layout.channels_last ? stageColumns(layout, logits, block, rows) : stageRows(layout, logits, block, rows);
  }
}

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

/// The largest logit of the voxels at `row0 + i`.
HWY_INLINE V largestLogit(D d, const float* HWY_RESTRICT column, std::int64_t classes) {
  V top = hn::Load(d, column);
  for (std::int64_t c = 1; c < classes; ++c) top = hn::Max(top, hn::Load(d, column + c * kBlock));
  return top;
}

/// rows[label][i] of the voxels at i.
HWY_INLINE V ofOwnClass(D d, const float* rows, const BlockVoxels& voxels, int i) {
  const DI di;
  const auto index = hn::Add(hn::ShiftLeft<8>(hn::Load(di, voxels.label + i)), hn::Iota(di, i));
  static_assert(kBlock == 256, "the shift by 8 is a multiplication by kBlock");
  return hn::GatherIndex(d, rows, index);
}

}  // namespace rind::losses::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RIND_LOSSES_SOFTMAX_BLOCK_INL_H_
