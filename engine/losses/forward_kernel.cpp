#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE \
  "rind/losses/forward_kernel.cpp"  // NOLINT(bugprone-suspicious-include): once per target
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// Highway's own headers come first.
#include <hwy/contrib/math/math-inl.h>

#include "rind/losses/softmax_block-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rind::losses::HWY_NAMESPACE {

/// Per voxel of a block: 1/Σexp (0 beyond the count), p_label and −log p_label.
struct BlockSoftmax {
  HWY_ALIGN float inverse[kBlock];
  HWY_ALIGN float probability[kBlock];
  HWY_ALIGN float cross_entropy[kBlock];
  HWY_ALIGN float weighted[kBlock];
};

/// Turns rows of logits into rows of exp(z − max). Returns false where a logit is not finite: 0·z adds up to
/// 0 over finite logits only.
bool softmaxBlock(std::int64_t classes, const BlockVoxels& voxels, float* HWY_RESTRICT rows,
                  BlockSoftmax& softmax) {
  const D d;
  const V zero = hn::Zero(d);
  V finite = zero;
  for (int i = 0; i < kBlock; i += static_cast<int>(hn::Lanes(d))) {
    float* HWY_RESTRICT column = rows + i;
    const V top = largestLogit(d, column, classes);
    const V own = hn::Sub(top, ofOwnClass(d, rows, voxels, i));
    V total = zero;
    for (std::int64_t c = 0; c < classes; ++c) {
      const V z = hn::Load(d, column + c * kBlock);
      finite = hn::MulAdd(z, zero, finite);
      const V e = expNegative(d, hn::Sub(z, top));
      hn::Store(e, d, column + c * kBlock);
      total = hn::Add(total, e);
    }
    const V inverse = hn::Div(hn::Set(d, 1.0f), total);
    hn::Store(inverse, d, softmax.inverse + i);
    hn::Store(hn::Mul(ofOwnClass(d, rows, voxels, i), inverse), d, softmax.probability + i);
    hn::Store(hn::Add(hn::Log(d, total), own), d, softmax.cross_entropy + i);
  }
  return hn::AllTrue(d, hn::Eq(finite, zero));
}

/// Σ values[first, last).
HWY_INLINE double sumOf(const float* HWY_RESTRICT values, int first, int last) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  double sum = 0;
  if (last - first >= lanes) {
    V lane_sums = hn::Zero(d);
    for (; first + lanes <= last; first += lanes)
      lane_sums = hn::Add(lane_sums, hn::LoadU(d, values + first));
    sum = hn::GetLane(hn::SumOfLanes(d, lane_sums));
  }
  for (; first < last; ++first) sum += values[first];
  return sum;
}

/// Neighbouring voxels mostly are of one region: sums run by run.
HWY_INLINE void addRegions(const BlockVoxels& voxels, const BlockSoftmax& softmax, int count, bool weighted,
                           ClassSums* classes) {
  for (int first = 0; first < count;) {
    const int region = voxels.region[first];
    int last = first + 1;
    while (last < count && voxels.region[last] == region) ++last;
    RegionPart& part = (region & 1) != 0 ? classes[region >> 1].band : classes[region >> 1].interior;
    part.voxels += last - first;
    part.probability += sumOf(softmax.probability, first, last);
    part.cross_entropy += sumOf(softmax.cross_entropy, first, last);
    if (weighted) part.weighted_cross_entropy += sumOf(softmax.weighted, first, last);
    first = last;
  }
}

/// Σ p_c over the block's voxels of other labels, for every class (the own class's exponentials are 0 by
/// then).
HWY_INLINE void addElsewhere(std::int64_t count, const float* HWY_RESTRICT rows, const BlockSoftmax& softmax,
                             ClassSums* classes) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  for (std::int64_t c = 0; c < count; ++c) {
    V sum = hn::Zero(d);
    for (int i = 0; i < kBlock; i += lanes)
      sum = hn::MulAdd(hn::Load(d, rows + c * kBlock + i), hn::Load(d, softmax.inverse + i), sum);
    classes[c].elsewhere += hn::GetLane(hn::SumOfLanes(d, sum));
  }
}

void addBlock(const KernelInput& in, const Block& block, float* rows, RangeSums& sums) {
  BlockVoxels voxels;
  BlockSoftmax softmax;
  if (loadVoxels(in, block, voxels) >= in.layout.classes) {
    sums.label_beyond = true;
    return;
  }
  stageLogits(in, block, rows);
  if (!softmaxBlock(in.layout.classes, voxels, rows, softmax)) {
    sums.not_finite = true;
    return;
  }
  for (int i = block.count; i < kBlock; ++i) softmax.inverse[i] = 0;
  for (int i = 0; i < kBlock; ++i) rows[voxels.label[i] * kBlock + i] = 0;
  addElsewhere(in.layout.classes, rows, softmax, sums.classes);
  if (in.weight != nullptr) {
    const float* weight = in.weight + block.sample * in.layout.voxels + block.first;
    for (int i = 0; i < block.count; ++i) softmax.weighted[i] = weight[i] * softmax.cross_entropy[i];
  }
  addRegions(voxels, softmax, block.count, in.weight != nullptr, sums.classes);
}

void addRange(const KernelInput& in, const BlockRange& range, float* scratch, RangeSums& sums) {
  for (std::int64_t index = range.first; index < range.last; ++index)
    addBlock(in, blockAt(in.layout, index), scratch, sums);
}

}  // namespace rind::losses::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rind::losses {

HWY_EXPORT(addRange);

void addRegionSums(const KernelInput& input, const BlockRange& range, float* scratch, RangeSums& sums) {
  HWY_DYNAMIC_DISPATCH(addRange)(input, range, scratch, sums);
}

}  // namespace rind::losses
#endif
