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

/// Per voxel of a block: the largest logit, 1/Σexp (0 beyond the count), p_label and −log p_label.
struct BlockSoftmax {
  HWY_ALIGN float top[kBlock];
  HWY_ALIGN float inverse[kBlock];
  HWY_ALIGN float probability[kBlock];
  HWY_ALIGN float cross_entropy[kBlock];
  HWY_ALIGN float weighted[kBlock];
};

/// Turns rows of logits into rows of exp(z − max), two vectors side by side to hide latencies. Returns false
/// where a logit is not finite: 0·z adds up to 0 over finite logits only.
bool softmaxBlock(const KernelInput& in, const NextBlock& next, const BlockVoxels& voxels,
                  float* HWY_RESTRICT rows, BlockSoftmax& softmax) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const V zero = hn::Zero(d);
  const V one = hn::Set(d, 1.0f);
  V finite_a = zero;
  V finite_b = zero;
  for (int i = 0; i < kBlock; i += 2 * lanes) {
    const V top_a = hn::Load(d, softmax.top + i);
    const V top_b = hn::Load(d, softmax.top + i + lanes);
    const V own_a = hn::Sub(top_a, ofOwnClass(d, ofOneRegion(voxels, i), rows, voxels, i));
    const V own_b = hn::Sub(top_b, ofOwnClass(d, ofOneRegion(voxels, i + lanes), rows, voxels, i + lanes));
    const char* asked = next.at(i);
    V total_a = zero;
    V total_b = zero;
    float* HWY_RESTRICT column = rows + i;
    for (std::int64_t c = 0; c < in.layout.classes; ++c, column += kPitch) {
      const V z_a = hn::Load(d, column);
      const V z_b = hn::Load(d, column + lanes);
      next.ask(asked);
      finite_a = hn::MulAdd(z_a, zero, finite_a);
      finite_b = hn::MulAdd(z_b, zero, finite_b);
      const V e_a = expNegative(d, hn::Sub(z_a, top_a));
      const V e_b = expNegative(d, hn::Sub(z_b, top_b));
      hn::Store(e_a, d, column);
      hn::Store(e_b, d, column + lanes);
      total_a = hn::Add(total_a, e_a);
      total_b = hn::Add(total_b, e_b);
    }
    hn::Store(hn::Div(one, total_a), d, softmax.inverse + i);
    hn::Store(hn::Div(one, total_b), d, softmax.inverse + i + lanes);
    hn::Store(hn::Add(hn::Log(d, total_a), own_a), d, softmax.cross_entropy + i);
    hn::Store(hn::Add(hn::Log(d, total_b), own_b), d, softmax.cross_entropy + i + lanes);
  }
  for (int i = 0; i < kBlock; i += lanes)
    hn::Store(
        hn::Mul(ofOwnClass(d, ofOneRegion(voxels, i), rows, voxels, i), hn::Load(d, softmax.inverse + i)), d,
        softmax.probability + i);
  return hn::AllTrue(d, hn::Eq(hn::Add(finite_a, finite_b), zero));
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

/// The first voxel after `first` that is of another region, or `count`.
HWY_INLINE int endOfRun(const BlockVoxels& voxels, int first, int count) {
  const DI di;
  const int lanes = static_cast<int>(hn::Lanes(di));
  const auto region = hn::Set(di, voxels.region[first]);
  int last = first + 1;
  while (last + lanes <= count && hn::AllTrue(di, hn::Eq(hn::LoadU(di, voxels.region + last), region)))
    last += lanes;
  while (last < count && voxels.region[last] == voxels.region[first]) ++last;
  return last;
}

/// Neighbouring voxels mostly are of one region: sums run by run.
HWY_INLINE void addRegions(const BlockVoxels& voxels, const BlockSoftmax& softmax, int count, bool weighted,
                           ClassSums* classes) {
  for (int first = 0; first < count;) {
    const int region = voxels.region[first];
    const int last = endOfRun(voxels, first, count);
    RegionPart& part = (region & 1) != 0 ? classes[region >> 1].band : classes[region >> 1].interior;
    part.voxels += last - first;
    part.probability += sumOf(softmax.probability, first, last);
    part.cross_entropy += sumOf(softmax.cross_entropy, first, last);
    if (weighted) part.weighted_cross_entropy += sumOf(softmax.weighted, first, last);
    first = last;
  }
}

/// rows[label][i] = 0 for every voxel.
HWY_INLINE void clearOwnClass(const BlockVoxels& voxels, float* HWY_RESTRICT rows) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  for (int i = 0; i < kBlock; i += lanes) {
    if (ofOneRegion(voxels, i))
      hn::Store(hn::Zero(d), d, rows + voxels.label[i] * kPitch + i);
    else
      for (int k = i; k < i + lanes; ++k) rows[voxels.label[k] * kPitch + k] = 0;
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
      sum = hn::MulAdd(hn::Load(d, rows + c * kPitch + i), hn::Load(d, softmax.inverse + i), sum);
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
  stageLogits(in, block, rows, softmax.top);
  if (!softmaxBlock(in, NextBlock(in, block), voxels, rows, softmax)) {
    sums.not_finite = true;
    return;
  }
  for (int i = block.count; i < kBlock; ++i) softmax.inverse[i] = 0;
  clearOwnClass(voxels, rows);
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

bool kernelsAreBuilt() {
  return true;
}

void addRegionSums(const KernelInput& input, const BlockRange& range, float* scratch, RangeSums& sums) {
  HWY_DYNAMIC_DISPATCH(addRange)(input, range, scratch, sums);
}

}  // namespace rind::losses
#endif
