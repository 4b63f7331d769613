#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE \
  "rind/losses/backward_kernel.cpp"  // NOLINT(bugprone-suspicious-include): once per target
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "rind/losses/block_memory-inl.h"
#include "rind/losses/block_voxels-inl.h"
#include "rind/losses/exponentials-inl.h"
#include "rind/losses/kept_probabilities-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rind::losses::HWY_NAMESPACE {

/// Per voxel of a block: the gradient is e_c·(inverse·everywhere_c + shift), and at the label `own`.
struct BlockFactors {
  HWY_ALIGN float inverse[kBlock];  // 1/Σ_c e_c
  HWY_ALIGN float shift[kBlock];    // inverse·(w − Σ_c p_c dL/dp_c)
  HWY_ALIGN float own[kBlock];
};

/// Σ_c e_c, Σ_c e_c b_c and e_label of one vector of voxels.
struct ColumnSums {
  V total, dot, own;
};

/// With l the label, b = everywhere, o = own:
///   dot = Σ_c p_c b_c,  shift = inverse·(w − dot − p_l o),
///   own = p_l ((b_l − dot) + (1 − p_l) o) − w (1 − p_l):
/// as it stands nothing large cancels where p_l is nearly 1.
HWY_INLINE void keepFactors(const GradientTables& tables, const BlockVoxels& voxels, const ColumnSums& sums,
                            const float* HWY_RESTRICT weight, int i, BlockFactors& factors) {
  const D d;
  const V one = hn::Set(d, 1.0f);
  const V inverse = hn::Div(one, sums.total);
  const V dot = hn::Mul(sums.dot, inverse);
  const bool one_region = ofOneRegion(voxels, i);
  const V p = hn::Mul(sums.own, inverse);
  const V rest = hn::Sub(one, p);
  const V b = lookUp(d, one_region, tables.everywhere, voxels.label, i);
  const V o = lookUp(d, one_region, tables.own, voxels.region, i);
  const V w = hn::Mul(lookUp(d, one_region, tables.cross_entropy, voxels.region, i), hn::Load(d, weight + i));
  hn::Store(inverse, d, factors.inverse + i);
  hn::Store(hn::Mul(inverse, hn::NegMulAdd(p, o, hn::Sub(w, dot))), d, factors.shift + i);
  hn::Store(hn::NegMulAdd(w, rest, hn::Mul(p, hn::MulAdd(rest, o, hn::Sub(b, dot)))), d, factors.own + i);
}

/// The sums by the largest logit, for the few voxels that need it.
HWY_NOINLINE static ColumnSums sumsFromLargest(const float* HWY_RESTRICT logits, std::int64_t classes,
                                               const GradientTables& tables, V own, int i,
                                               float* HWY_RESTRICT rows) {
  const D d;
  const FromLargest column = exponentialsFromLargest(logits, classes, own, i, rows);
  V dot = hn::Zero(d);
  for (std::int64_t c = 0; c < classes; ++c)
    dot = hn::MulAdd(hn::Load(d, rows + c * kPitch + i), hn::Set(d, tables.everywhere[c]), dot);
  return {column.total, dot, column.own};
}

/// The gradient of class c at the voxels i: `own` where the label is c.
template <bool kOwn>
HWY_INLINE V gradientAt(std::int64_t c, V everywhere, const BlockVoxels& voxels, const BlockFactors& factors,
                        const float* HWY_RESTRICT row, int i) {
  const D d;
  const V slope = hn::MulAdd(everywhere, hn::Load(d, factors.inverse + i), hn::Load(d, factors.shift + i));
  const V g = hn::Mul(hn::Load(d, row + i), slope);
  if constexpr (!kOwn) return g;
  return hn::IfThenElse(ofClass(d, voxels, c, i), hn::Load(d, factors.own + i), g);
}

/// A block whose exponentials and factors are found, and whose gradient is to be written.
template <class T>
struct Unwritten {
  BlockVoxels voxels;
  BlockFactors factors;
  Present present;
  float* rows = nullptr;
  T* to = nullptr;  // row 0 in memory; null where there is nothing to write
  std::int64_t pitch = 0;

  /// Class c of the four vectors at i, past the caches.
  HWY_INLINE void write(const GradientTables& tables, std::int64_t c, int i) const {
    if (present.of[c])
      writeAs<true>(tables, c, i);
    else
      writeAs<false>(tables, c, i);
  }

  void writeAll(const GradientTables& tables, std::int64_t classes) const {
    for (std::int64_t c = 0; c < classes; ++c)
      for (int i = 0; i < kBlock; i += 4 * static_cast<int>(hn::Lanes(D()))) write(tables, c, i);
  }

 private:
  template <bool kOwn>
  HWY_INLINE void writeAs(const GradientTables& tables, std::int64_t c, int i) const {
    const D d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const V slope = hn::Set(d, tables.everywhere[c]);
    const float* const row = rows + c * kPitch;
    for (int k = i; k < i + 4 * lanes; k += 2 * lanes)
      streamTwo(gradientAt<kOwn>(c, slope, voxels, factors, row, k),
                gradientAt<kOwn>(c, slope, voxels, factors, row, k + lanes), to + c * pitch + k);
  }
};

/// Turns a block's rows of logits into rows of exponentials, and finds its factors. `before` is written
/// meanwhile: memory takes the gradient while arithmetic goes on, which a burst of stores after each block
/// would not let it. `stage_again()` stages the logits once more, where some voxel needs that.
template <class T, class Again>
HWY_INLINE void factorBlock(std::int64_t classes, const NextBlock& next, const GradientTables& tables,
                            const float* HWY_RESTRICT weight, const Unwritten<T>& before,
                            const Again& stage_again, Unwritten<T>& block) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const V zero = hn::Zero(d), one = hn::Set(d, 1.0f), octave = hn::Set(d, kUnitsPerOctave);
  for (int i = 0; i < kBlock; i += 4 * lanes) {
    FourVectors dot{zero, zero, zero, zero};
    const auto also = [&](std::int64_t c, const FourVectors&, const FourVectors& e) {
      const V everywhere = hn::Set(d, tables.everywhere[c]);
      dot = each(dot, e, [&](V sum, V v) { return hn::MulAdd(v, everywhere, sum); });
      if (before.to != nullptr) before.write(tables, c, i);
    };
    const Columns columns = exponentialsAt(classes, next, block.voxels, i, block.rows, also);
    const auto finish = [&](V total, V dots, V own, V rest, int k) {
      const ColumnSums sums = HWY_LIKELY(usual(d, total))
                                  ? ColumnSums{total, dots, hn::MulAdd(rest, octave, one)}
                                  : sumsFromLargest(stage_again(), classes, tables, own, k, block.rows);
      keepFactors(tables, block.voxels, sums, weight, k, block.factors);
    };
    finish(columns.total.a, dot.a, columns.own.a, columns.rest.a, i);
    finish(columns.total.b, dot.b, columns.own.b, columns.rest.b, i + lanes);
    finish(columns.total.c, dot.c, columns.own.c, columns.rest.c, i + 2 * lanes);
    finish(columns.total.d, dot.d, columns.own.d, columns.rest.d, i + 3 * lanes);
  }
  block.present = presentIn(block.voxels);
}

/// A block that cannot be streamed: its gradient takes the place of its exponentials and is written from
/// there.
template <class T>
void writeFromRows(const LogitsLayout& layout, const Block& block, const GradientTables& tables,
                   const Unwritten<T>& work, T* gradient) {
  const D d;
  for (std::int64_t c = 0; c < layout.classes; ++c) {
    const V slope = hn::Set(d, tables.everywhere[c]);
    float* const row = work.rows + c * kPitch;
    for (int i = 0; i < kBlock; i += static_cast<int>(hn::Lanes(d)))
      hn::Store(work.present.of[c] ? gradientAt<true>(c, slope, work.voxels, work.factors, row, i)
                                   : gradientAt<false>(c, slope, work.voxels, work.factors, row, i),
                d, row + i);
  }
  writeRows(layout, block, work.rows, gradient);
}

template <class T>
void writeBlocks(const KernelInput& in, const BlockRange& range, float* scratch,
                 const GradientTables& tables) {
  const LogitsLayout& layout = in.layout;
  const auto* logits = static_cast<const T*>(in.logits);
  auto* const gradient = static_cast<T*>(in.gradient);
  HWY_ALIGN float weight[kBlock];
  for (float& w : weight) w = 1;
  float* const spare = scratch + 2 * layout.classes * kPitch;
  Unwritten<T> blocks[2];
  blocks[0].rows = scratch;
  blocks[1].rows = scratch + layout.classes * kPitch;
  int now = 0;
  for (std::int64_t index = range.first; index < range.last; ++index) {
    const Block block = blockAt(layout, index);
    Unwritten<T>&current = blocks[now], &before = blocks[1 - now];
    loadVoxels(in, block, current.voxels);
    if (in.weight != nullptr) {
      const float* from = in.weight + block.sample * layout.voxels + block.first;
      for (int i = 0; i < block.count; ++i) weight[i] = from[i];
    }
    if (Kept* const kept = keptProbabilities(in, block); kept != nullptr) {
      overwriteProbabilities(layout, block, tables, current.voxels, weight, kept, current.rows);
      continue;
    }
    const auto stage_again = [&] {
      stage(layout, logits, block, spare);
      return spare;
    };
    stage(layout, logits, block, current.rows);
    factorBlock(layout.classes, NextBlock(layout, logits, block), tables, weight, before, stage_again,
                current);
    before.to = nullptr;
    T* const to = inMemory(layout, gradient, block);
    if (!streamable(layout, block, to)) {
      writeFromRows(layout, block, tables, current, gradient);
      continue;
    }
    current.to = to;
    current.pitch = layout.voxels;
    now = 1 - now;
  }
  if (blocks[1 - now].to != nullptr) blocks[1 - now].writeAll(tables, layout.classes);
  hwy::FlushStream();
}

void writeRange(const KernelInput& in, const BlockRange& range, float* scratch,
                const GradientTables& tables) {
  const NoSubnormals no_subnormals;
  const auto write = in.layout.bfloat16 ? writeBlocks<std::uint16_t> : writeBlocks<float>;
  write(in, range, scratch, tables);
}

}  // namespace rind::losses::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rind::losses {

HWY_EXPORT(writeRange);

void writeGradient(const KernelInput& input, const BlockRange& range, float* scratch,
                   const GradientTables& tables) {
  HWY_DYNAMIC_DISPATCH(writeRange)(input, range, scratch, tables);
}

}  // namespace rind::losses
#endif
