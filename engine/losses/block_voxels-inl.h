// The labels of a block of voxels and what is looked up by them, for each instruction set (included once per
// Highway target).

#if defined(RIND_LOSSES_BLOCK_VOXELS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RIND_LOSSES_BLOCK_VOXELS_INL_H_
#undef RIND_LOSSES_BLOCK_VOXELS_INL_H_
#else
#define RIND_LOSSES_BLOCK_VOXELS_INL_H_
#endif

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

/// Voxels [first, last) of a block that are of one region.
struct Run {
  int first, last, region;
};

/// Labels of a block, widened; voxels beyond `count` have label 0, region 0.
struct BlockVoxels {
  HWY_ALIGN std::int32_t label[kBlock];
  HWY_ALIGN std::int32_t region[kBlock + kPadding];  // 2·label + (in band); of no region beyond the block
  Run run[kBlock];
  int runs;
};

/// The first voxel at or after `first` that is of another region.
HWY_INLINE int endOfRun(const BlockVoxels& voxels, int first) {
  const DI di;
  const auto region = hn::Set(di, voxels.region[first]);
  for (int i = first;; i += static_cast<int>(hn::Lanes(di))) {
    const auto other = hn::FindFirstTrue(di, hn::Ne(hn::LoadU(di, voxels.region + i), region));
    if (other >= 0) return i + static_cast<int>(other);
  }
}

/// Finds the runs too. Returns the largest label.
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
  for (int i = kBlock; i < kBlock + kPadding; ++i) voxels.region[i] = -1;
  voxels.runs = 0;
  for (int first = 0; first < block.count;) {
    const int end = endOfRun(voxels, first), last = end < block.count ? end : block.count;
    voxels.run[voxels.runs++] = {first, last, voxels.region[first]};
    first = last;
  }
  return largest;
}

/// Which classes the block's voxels have.
struct Present {
  bool of[256] = {};
};

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
  for (int k = 0; k < voxels.runs; ++k) present.of[voxels.run[k].region >> 1] = true;
  return present;
}

/// Where the voxels at i are of class c.
HWY_INLINE auto ofClass(D d, const BlockVoxels& voxels, std::int64_t c, int i) {
  const DI di;
  return hn::RebindMask(d, hn::Eq(hn::Load(di, voxels.label + i), hn::Set(di, static_cast<std::int32_t>(c))));
}

}  // namespace rind::losses::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RIND_LOSSES_BLOCK_VOXELS_INL_H_
