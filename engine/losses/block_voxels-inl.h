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
  const int lanes = static_cast<int>(hn::Lanes(D()));
  for (int i = 0; i < kBlock; i += lanes) {
    present.of[voxels.label[i]] = true;
    if (ofOneRegion(voxels, i)) continue;
    for (int k = i + 1; k < i + lanes; ++k) present.of[voxels.label[k]] = true;
  }
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
