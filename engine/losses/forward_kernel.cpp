#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE \
  "rind/losses/forward_kernel.cpp"  // NOLINT(bugprone-suspicious-include): once per target
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// Highway's own headers come first.
#include <hwy/contrib/math/math-inl.h>

#include <algorithm>
#include <utility>

#include "rind/losses/block_memory-inl.h"
#include "rind/losses/block_voxels-inl.h"
#include "rind/losses/exponentials-inl.h"
#include "rind/losses/kept_probabilities-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rind::losses::HWY_NAMESPACE {

/// Per voxel of a block: 1/Σ_c exp(z_c − s) (0 beyond the count; s is mostly z_label), p_label and −log
/// p_label.
struct BlockSoftmax {
  HWY_ALIGN float inverse[kBlock];
  HWY_ALIGN float probability[kBlock + kPadding];
  HWY_ALIGN float cross_entropy[kBlock + kPadding];
  HWY_ALIGN float weighted[kBlock + kPadding];
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

/// Σ values[first, last); beyond them `values` has kPadding more.
HWY_INLINE double sumOf(const float* HWY_RESTRICT values, int first, int last) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  V sum = hn::Zero(d);
  for (; first + lanes <= last; first += lanes) sum = hn::Add(sum, hn::LoadU(d, values + first));
  const auto rest = hn::FirstN(d, static_cast<std::size_t>(last - first));
  sum = hn::Add(sum, hn::IfThenElseZero(rest, hn::LoadU(d, values + first)));
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

HWY_INLINE void addRegions(const BlockVoxels& voxels, const BlockSoftmax& softmax, bool weighted,
                           ClassSums* classes) {
  for (int k = 0; k < voxels.runs; ++k) {
    const auto [first, last, region] = voxels.run[k];
    RegionPart& part = (region & 1) != 0 ? classes[region >> 1].band : classes[region >> 1].interior;
    part.voxels += last - first;
    part.probability += sumOf(softmax.probability, first, last);
    part.cross_entropy += sumOf(softmax.cross_entropy, first, last);
    if (weighted) part.weighted_cross_entropy += sumOf(softmax.weighted, first, last);
  }
}

/// Adds p of one class over the voxels of other labels to `sum`, lane by lane; `keep(i)` is called for every
/// two vectors.
template <bool kOwn, class Keep>
HWY_INLINE void addElsewhereOf(std::int64_t c, const float* HWY_RESTRICT row, const BlockVoxels& voxels,
                               const BlockSoftmax& softmax, const Keep& keep, float* HWY_RESTRICT sum) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto plus = [&](V all, int i) {
    const V inverse = hn::Load(d, softmax.inverse + i);
    const V others = kOwn ? hn::IfThenZeroElse(ofClass(d, voxels, c, i), inverse) : inverse;
    return hn::MulAdd(hn::Load(d, row + i), others, all);
  };
  V even = hn::Load(d, sum), odd = hn::Zero(d);
  for (int i = 0; i < kBlock; i += 2 * lanes) {
    keep(i);
    even = plus(even, i);
    odd = plus(odd, i + lanes);
  }
  hn::Store(hn::Add(even, odd), d, sum);
}

/// Sums by class and lane of a few blocks: float32 is exact enough for so many, and a sum over lanes after
/// each block would take as long as the block.
constexpr std::int64_t kBlocksInLanes = 16;

/// `keep(c, i)` is called for every class and every two vectors.
template <class Keep>
HWY_INLINE void addElsewhere(std::int64_t count, const BlockVoxels& voxels, const float* rows,
                             const BlockSoftmax& softmax, float* elsewhere, const Keep& keep) {
  const Present present = presentIn(voxels);
  for (std::int64_t c = 0; c < count; ++c) {
    const auto keep_class = [&](int i) { keep(c, i); };
    const float* const row = rows + c * kPitch;
    if (present.of[c])
      addElsewhereOf<true>(c, row, voxels, softmax, keep_class, elsewhere + c * kPadding);
    else
      addElsewhereOf<false>(c, row, voxels, softmax, keep_class, elsewhere + c * kPadding);
  }
}

/// Adds the sums by lane to those by class, and begins anew.
HWY_INLINE void gatherLanes(std::int64_t count, float* elsewhere, ClassSums* classes) {
  for (std::int64_t c = 0; c < count; ++c)
    for (int lane = 0; lane < kPadding; ++lane)
      classes[c].elsewhere += std::exchange(elsewhere[c * kPadding + lane], 0.0f);
}

template <class T>
void addBlock(const KernelInput& in, const Block& block, float* rows, float* elsewhere, RangeSums& sums) {
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
  const auto keep_by = [&](const auto& keep) {
    addElsewhere(layout.classes, voxels, rows, softmax, elsewhere, keep);
  };
  Kept* const kept = keptProbabilities(in, block);
  if (kept == nullptr)
    keep_by([](std::int64_t, int) {});
  else
    keep_by([&](std::int64_t c, int i) {
      keepTwo(rows + c * kPitch + i, softmax.inverse + i, kept + c * layout.voxels + i);
    });
  if (in.weight != nullptr) {
    const float* weight = in.weight + block.sample * layout.voxels + block.first;
    for (int i = 0; i < block.count; ++i) softmax.weighted[i] = weight[i] * softmax.cross_entropy[i];
  }
  addRegions(voxels, softmax, in.weight != nullptr, sums.classes);
}

void addRange(const KernelInput& in, const BlockRange& range, float* scratch, RangeSums& sums) {
  const NoSubnormals no_subnormals;
  const auto add = in.layout.bfloat16 ? addBlock<std::uint16_t> : addBlock<float>;
  const std::int64_t classes = in.layout.classes;
  float* const elsewhere = scratch + 2 * classes * kPitch;
  std::fill(elsewhere, elsewhere + classes * kPadding, 0.0f);
  for (std::int64_t first = range.first; first < range.last; first += kBlocksInLanes) {
    const std::int64_t last = std::min(first + kBlocksInLanes, range.last);
    for (std::int64_t index = first; index < last; ++index)
      add(in, blockAt(in.layout, index), scratch, elsewhere, sums);
    gatherLanes(classes, elsewhere, sums.classes);
  }
  hwy::FlushStream();
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
