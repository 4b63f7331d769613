#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE \
  "rind/losses/forward_kernel.cpp"  // NOLINT(bugprone-suspicious-include): once per target
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// Highway's own headers come first.
#include <hwy/contrib/math/math-inl.h>

#include "rind/losses/block_memory-inl.h"
#include "rind/losses/block_voxels-inl.h"
#include "rind/losses/exponentials-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rind::losses::HWY_NAMESPACE {

/// Per voxel of a block: 1/Σ_c exp(z_c − s) (0 beyond the count; s is mostly z_label), p_label and −log
/// p_label.
struct BlockSoftmax {
  HWY_ALIGN float inverse[kBlock];
  HWY_ALIGN float probability[kBlock];
  HWY_ALIGN float cross_entropy[kBlock];
  HWY_ALIGN float weighted[kBlock];
};

/// Keeps what the exponentials' sum says of one vector of voxels; the label's own exponent is the `rest`.
HWY_INLINE void keepSoftmax(V total, V rest, int i, BlockSoftmax& softmax) {
  const D d;
  const V inverse = hn::Div(hn::Set(d, 1.0f), total);
  const V octave = hn::Set(d, kUnitsPerOctave);
  hn::Store(inverse, d, softmax.inverse + i);
  hn::Store(hn::MulAdd(hn::Mul(rest, octave), inverse, inverse), d, softmax.probability + i);
  hn::Store(hn::Max(hn::NegMulAdd(rest, octave, hn::Log(d, total)), hn::Zero(d)), d,
            softmax.cross_entropy + i);
}

HWY_INLINE void keepSoftmax(const FromLargest& column, int i, BlockSoftmax& softmax) {
  const D d;
  const V inverse = hn::Div(hn::Set(d, 1.0f), column.total);
  hn::Store(inverse, d, softmax.inverse + i);
  hn::Store(hn::Mul(column.own, inverse), d, softmax.probability + i);
  hn::Store(hn::Add(hn::Log(d, column.total), column.above_label), d, softmax.cross_entropy + i);
}

/// Turns a block's rows of logits into rows of exponentials. `stage_again()` stages the logits once more,
/// where some voxel needs that. Returns false where a logit is not finite.
template <class Again>
HWY_INLINE bool softmaxBlock(std::int64_t classes, const NextBlock& next, const BlockVoxels& voxels,
                             float* rows, const Again& stage_again, BlockSoftmax& softmax) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  bool finite = true;
  for (int i = 0; i < kBlock; i += 4 * lanes) {
    const V highest = hn::Set(d, hwy::HighestValue<float>());
    FourVectors least{highest, highest, highest, highest};  // a logit of −∞ adds 0 to the total
    const auto also = [&](std::int64_t, const FourVectors& z, const FourVectors&) {
      least = each(least, z, [](V low, V v) { return hn::Min(low, v); });
    };
    const Columns columns = exponentialsAt(classes, next, voxels, i, rows, also);
    const auto finish = [&](V total, V low, V own, V rest, int k) {
      const bool all_finite = hn::AllTrue(d, hn::Ge(low, hn::Set(d, hwy::LowestValue<float>())));
      if (HWY_LIKELY(usual(d, total) && all_finite)) return keepSoftmax(total, rest, k, softmax);
      const FromLargest column = exponentialsFromLargest(stage_again(), classes, own, k, rows);
      keepSoftmax(column, k, softmax);
      finite = finite && column.finite;
    };
    finish(columns.total.a, least.a, columns.own.a, columns.rest.a, i);
    finish(columns.total.b, least.b, columns.own.b, columns.rest.b, i + lanes);
    finish(columns.total.c, least.c, columns.own.c, columns.rest.c, i + 2 * lanes);
    finish(columns.total.d, least.d, columns.own.d, columns.rest.d, i + 3 * lanes);
  }
  return finite;
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

/// Σ p of one class over the voxels of other labels.
template <bool kOwn>
HWY_INLINE double elsewhereOf(std::int64_t c, const float* HWY_RESTRICT row, const BlockVoxels& voxels,
                              const BlockSoftmax& softmax) {
  const D d;
  V sum = hn::Zero(d);
  for (int i = 0; i < kBlock; i += static_cast<int>(hn::Lanes(d))) {
    const V e = hn::Load(d, row + i);
    const V others = kOwn ? hn::IfThenZeroElse(ofClass(d, voxels, c, i), e) : e;
    sum = hn::MulAdd(others, hn::Load(d, softmax.inverse + i), sum);
  }
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

HWY_INLINE void addElsewhere(std::int64_t count, const BlockVoxels& voxels, const float* rows,
                             const BlockSoftmax& softmax, ClassSums* classes) {
  const Present present = presentIn(voxels);
  for (std::int64_t c = 0; c < count; ++c)
    classes[c].elsewhere += present.of[c] ? elsewhereOf<true>(c, rows + c * kPitch, voxels, softmax)
                                          : elsewhereOf<false>(c, rows + c * kPitch, voxels, softmax);
}

template <class T>
void addBlock(const KernelInput& in, const Block& block, float* rows, RangeSums& sums) {
  BlockVoxels voxels;
  BlockSoftmax softmax;
  if (loadVoxels(in, block, voxels) >= in.layout.classes) {
    sums.label_beyond = true;
    return;
  }
  const LogitsLayout& layout = in.layout;
  const auto* logits = static_cast<const T*>(in.logits);
  const NextBlock next(layout, logits, block);
  const auto stage_again = [&] {
    float* const spare = rows + layout.classes * kPitch;
    stage(layout, logits, block, spare);
    return spare;
  };
  stage(layout, logits, block, rows);
  const bool finite = softmaxBlock(layout.classes, next, voxels, rows, stage_again, softmax);
  if (!finite) {
    sums.not_finite = true;
    return;
  }
  for (int i = block.count; i < kBlock; ++i) softmax.inverse[i] = 0;
  addElsewhere(layout.classes, voxels, rows, softmax, sums.classes);
  if (in.weight != nullptr) {
    const float* weight = in.weight + block.sample * layout.voxels + block.first;
    for (int i = 0; i < block.count; ++i) softmax.weighted[i] = weight[i] * softmax.cross_entropy[i];
  }
  addRegions(voxels, softmax, block.count, in.weight != nullptr, sums.classes);
}

void addRange(const KernelInput& in, const BlockRange& range, float* scratch, RangeSums& sums) {
  const NoSubnormals no_subnormals;
  const auto add = in.layout.bfloat16 ? addBlock<std::uint16_t> : addBlock<float>;
  for (std::int64_t index = range.first; index < range.last; ++index)
    add(in, blockAt(in.layout, index), scratch, sums);
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
