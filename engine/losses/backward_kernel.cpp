#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE \
  "rind/losses/backward_kernel.cpp"  // NOLINT(bugprone-suspicious-include): once per target
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "rind/losses/softmax_block-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rind::losses::HWY_NAMESPACE {

/// Per voxel of a block: the gradient is e_c·inverse·(everywhere_c + shift), and at the label `own`.
struct BlockFactors {
  HWY_ALIGN float top[kBlock];      // the largest logit
  HWY_ALIGN float inverse[kBlock];  // 1/Σexp
  HWY_ALIGN float shift[kBlock];    // w − Σ_c p_c dL/dp_c
  HWY_ALIGN float own[kBlock];
};

/// Σ_c e_c and Σ_c e_c b_c of one vector of voxels.
struct ColumnSums {
  V total, dot;
};

HWY_INLINE void factorsAt(const GradientTables& tables, const BlockVoxels& voxels,
                          const float* HWY_RESTRICT rows, const ColumnSums& sums,
                          const float* HWY_RESTRICT weight, int i, BlockFactors& factors) {
  const D d;
  const V one = hn::Set(d, 1.0f);
  const V inverse = hn::Div(one, sums.total);
  const V dot = hn::Mul(sums.dot, inverse);
  const bool one_region = ofOneRegion(voxels, i);
  const V p = hn::Mul(ofOwnClass(d, one_region, rows, voxels, i), inverse);
  const V rest = hn::Sub(one, p);
  const V b = lookUp(d, one_region, tables.everywhere, voxels.label, i);
  const V o = lookUp(d, one_region, tables.own, voxels.region, i);
  const V w = hn::Mul(lookUp(d, one_region, tables.cross_entropy, voxels.region, i), hn::Load(d, weight + i));
  hn::Store(inverse, d, factors.inverse + i);
  hn::Store(hn::NegMulAdd(p, o, hn::Sub(w, dot)), d, factors.shift + i);
  hn::Store(hn::NegMulAdd(w, rest, hn::Mul(p, hn::MulAdd(rest, o, hn::Sub(b, dot)))), d, factors.own + i);
}

/// Turns rows of logits into rows of exp(z − max), and finds the factors. With l the label, b = everywhere, o
/// = own:
///   dot = Σ_c p_c b_c,  shift = w − dot − p_l o,  own = p_l ((b_l − dot) + (1 − p_l) o) − w (1 − p_l):
/// as it stands nothing large cancels where p_l is nearly 1.
HWY_INLINE void factorBlock(const KernelInput& in, const NextBlock& next, const GradientTables& tables,
                            const BlockVoxels& voxels, const float* HWY_RESTRICT weight,
                            float* HWY_RESTRICT rows, BlockFactors& factors) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  for (int i = 0; i < kBlock; i += 2 * lanes) {
    const V top_a = hn::Load(d, factors.top + i);
    const V top_b = hn::Load(d, factors.top + i + lanes);
    const char* asked = next.at(i);
    V total_a = hn::Zero(d);
    V total_b = hn::Zero(d);
    V dot_a = hn::Zero(d);
    V dot_b = hn::Zero(d);
    float* HWY_RESTRICT column = rows + i;
    for (std::int64_t c = 0; c < in.layout.classes; ++c, column += kPitch) {
      const V everywhere = hn::Set(d, tables.everywhere[c]);
      next.ask(asked);
      const V e_a = expNegative(d, hn::Sub(hn::Load(d, column), top_a));
      const V e_b = expNegative(d, hn::Sub(hn::Load(d, column + lanes), top_b));
      hn::Store(e_a, d, column);
      hn::Store(e_b, d, column + lanes);
      total_a = hn::Add(total_a, e_a);
      total_b = hn::Add(total_b, e_b);
      dot_a = hn::MulAdd(e_a, everywhere, dot_a);
      dot_b = hn::MulAdd(e_b, everywhere, dot_b);
    }
    factorsAt(tables, voxels, rows, {total_a, dot_a}, weight, i, factors);
    factorsAt(tables, voxels, rows, {total_b, dot_b}, weight, i + lanes, factors);
  }
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

/// The gradient of class c at the voxels i: `own` where the label is c.
template <bool kOwn>
HWY_INLINE V gradientAt(std::int64_t c, V everywhere, const BlockVoxels& voxels, const BlockFactors& factors,
                        const float* HWY_RESTRICT row, int i) {
  const D d;
  const DI di;
  const V p = hn::Mul(hn::Load(d, row + i), hn::Load(d, factors.inverse + i));
  const V g = hn::Mul(p, hn::Add(everywhere, hn::Load(d, factors.shift + i)));
  if constexpr (!kOwn) return g;
  const auto own = hn::Set(di, static_cast<std::int32_t>(c));
  const auto here = hn::RebindMask(d, hn::Eq(hn::Load(di, voxels.label + i), own));
  return hn::IfThenElse(here, hn::Load(d, factors.own + i), g);
}

/// The gradient of class c, past the caches to `to` where its place is aligned; else (null) in place of the
/// row.
template <bool kOwn, class T>
HWY_INLINE void gradientRow(std::int64_t c, float everywhere, const BlockVoxels& voxels,
                            const BlockFactors& factors, float* HWY_RESTRICT row, T* HWY_RESTRICT to) {
  const D d;
  const V slope = hn::Set(d, everywhere);
  const int lanes = static_cast<int>(hn::Lanes(d));
  if (to != nullptr)
    for (int i = 0; i < kBlock; i += lanes)
      streamFloats(d, gradientAt<kOwn>(c, slope, voxels, factors, row, i), to + i);
  else
    for (int i = 0; i < kBlock; i += lanes)
      hn::Store(gradientAt<kOwn>(c, slope, voxels, factors, row, i), d, row + i);
}

template <class T>
HWY_INLINE bool streamable(const Block& block, const T* to) {
  return block.count == kBlock && reinterpret_cast<std::uintptr_t>(to) % (hn::Lanes(D()) * sizeof(T)) == 0;
}

HWY_INLINE void markPresent(const BlockVoxels& voxels, bool* present) {
  const int lanes = static_cast<int>(hn::Lanes(D()));
  for (int i = 0; i < kBlock; i += lanes) {
    present[voxels.label[i]] = true;
    if (ofOneRegion(voxels, i)) continue;
    for (int k = i + 1; k < i + lanes; ++k) present[voxels.label[k]] = true;
  }
}

template <class T>
void writeBlock(const KernelInput& in, const Block& block, const GradientTables& tables,
                const BlockVoxels& voxels, const BlockFactors& factors, float* rows, T* gradient) {
  const LogitsLayout& layout = in.layout;
  bool present[256] = {};
  markPresent(voxels, present);
  for (std::int64_t c = 0; c < layout.classes; ++c) {
    float* row = rows + c * kPitch;
    T* const to = gradient + (block.sample * layout.classes + c) * layout.voxels + block.first;
    T* const stream = !layout.channels_last && streamable(block, to) ? to : nullptr;
    present[c] ? gradientRow<true>(c, tables.everywhere[c], voxels, factors, row, stream)
               : gradientRow<false>(c, tables.everywhere[c], voxels, factors, row, stream);
    if (layout.channels_last || stream != nullptr) continue;
    for (int i = 0; i < block.count; ++i) toStored(row[i], to[i]);
  }
  if (layout.channels_last)
    rowsToColumns(rows, layout.classes, block.count,
                  gradient + (block.sample * layout.voxels + block.first) * layout.classes);
}

void writeRange(const KernelInput& in, const BlockRange& range, float* scratch, const GradientTables& tables,
                void* gradient) {
  BlockVoxels voxels;
  BlockFactors factors;
  HWY_ALIGN float weight[kBlock];
  for (float& w : weight) w = 1;
  for (std::int64_t index = range.first; index < range.last; ++index) {
    const Block block = blockAt(in.layout, index);
    loadVoxels(in, block, voxels);
    stageLogits(in, block, scratch, factors.top);
    if (in.weight != nullptr) {
      const float* from = in.weight + block.sample * in.layout.voxels + block.first;
      for (int i = 0; i < block.count; ++i) weight[i] = from[i];
    }
    factorBlock(in, NextBlock(in, block), tables, voxels, weight, scratch, factors);
    if (in.layout.bfloat16)
      writeBlock(in, block, tables, voxels, factors, scratch, static_cast<std::uint16_t*>(gradient));
    else
      writeBlock(in, block, tables, voxels, factors, scratch, static_cast<float*>(gradient));
  }
  hwy::FlushStream();
}

}  // namespace rind::losses::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rind::losses {

HWY_EXPORT(writeRange);

void writeGradient(const KernelInput& input, const BlockRange& range, float* scratch,
                   const GradientTables& tables, void* gradient) {
  HWY_DYNAMIC_DISPATCH(writeRange)(input, range, scratch, tables, gradient);
}

}  // namespace rind::losses
#endif
