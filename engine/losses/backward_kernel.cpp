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
  HWY_ALIGN float inverse[kBlock];  // 1/Σexp
  HWY_ALIGN float shift[kBlock];    // w − Σ_c p_c dL/dp_c
  HWY_ALIGN float own[kBlock];
};

/// Turns rows of logits into rows of exp(z − max), and finds the factors. With l the label, b = everywhere, o
/// = own:
///   dot = Σ_c p_c b_c,  shift = w − dot − p_l o,  own = p_l ((b_l − dot) + (1 − p_l) o) − w (1 − p_l):
/// as it stands nothing large cancels where p_l is nearly 1.
HWY_INLINE void factorBlock(const KernelInput& in, const GradientTables& tables, const BlockVoxels& voxels,
                            const float* HWY_RESTRICT weight, float* HWY_RESTRICT rows,
                            BlockFactors& factors) {
  const D d;
  const DI di;
  const V one = hn::Set(d, 1.0f);
  const std::int64_t classes = in.layout.classes;
  for (int i = 0; i < kBlock; i += static_cast<int>(hn::Lanes(d))) {
    float* HWY_RESTRICT column = rows + i;
    const V top = largestLogit(d, column, classes);
    V total = hn::Zero(d);
    V dot = hn::Zero(d);
    for (std::int64_t c = 0; c < classes; ++c) {
      const V e = expNegative(d, hn::Sub(hn::Load(d, column + c * kBlock), top));
      hn::Store(e, d, column + c * kBlock);
      total = hn::Add(total, e);
      dot = hn::MulAdd(e, hn::Set(d, tables.everywhere[c]), dot);
    }
    const V inverse = hn::Div(one, total);
    dot = hn::Mul(dot, inverse);
    const auto region = hn::Load(di, voxels.region + i);
    const V p = hn::Mul(ofOwnClass(d, rows, voxels, i), inverse);
    const V rest = hn::Sub(one, p);
    const V b = hn::GatherIndex(d, tables.everywhere, hn::Load(di, voxels.label + i));
    const V o = hn::GatherIndex(d, tables.own, region);
    const V w = hn::Mul(hn::GatherIndex(d, tables.cross_entropy, region), hn::Load(d, weight + i));
    hn::Store(inverse, d, factors.inverse + i);
    hn::Store(hn::NegMulAdd(p, o, hn::Sub(w, dot)), d, factors.shift + i);
    hn::Store(hn::NegMulAdd(w, rest, hn::Mul(p, hn::MulAdd(rest, o, hn::Sub(b, dot)))), d, factors.own + i);
  }
}

HWY_INLINE void storeFloats(D d, V value, float* to) {
  hn::Stream(value, d, to);
}

HWY_INLINE void storeFloats(D, V value, std::uint16_t* to) {  // round to nearest even
  const DU du;
  const auto bits = hn::BitCast(du, value);
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(du, 1u));
  const auto rounded = hn::ShiftRight<16>(hn::Add(bits, hn::Add(odd, hn::Set(du, 0x7FFFu))));
  hn::Stream(hn::TruncateTo(DHalf(), rounded), DHalf(), to);
}

HWY_INLINE void toStored(float value, float& to) {
  to = value;
}

HWY_INLINE void toStored(float value, std::uint16_t& to) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  to = static_cast<std::uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}

/// The gradient of class c in place of its exponentials.
template <bool kOwn>
HWY_INLINE void gradientRow(std::int64_t c, float everywhere, const BlockVoxels& voxels,
                            const BlockFactors& factors, float* HWY_RESTRICT row) {
  const D d;
  const DI di;
  const V slope = hn::Set(d, everywhere);
  const auto own = hn::Set(di, static_cast<std::int32_t>(c));
  for (int i = 0; i < kBlock; i += static_cast<int>(hn::Lanes(d))) {
    const V p = hn::Mul(hn::Load(d, row + i), hn::Load(d, factors.inverse + i));
    V g = hn::Mul(p, hn::Add(slope, hn::Load(d, factors.shift + i)));
    if constexpr (kOwn) {
      const auto here = hn::RebindMask(d, hn::Eq(hn::Load(di, voxels.label + i), own));
      g = hn::IfThenElse(here, hn::Load(d, factors.own + i), g);
    }
    hn::Store(g, d, row + i);
  }
}

template <class T>
HWY_INLINE void writeRow(const Block& block, const float* HWY_RESTRICT row, T* HWY_RESTRICT to) {
  const D d;
  const std::size_t vector_bytes = hn::Lanes(d) * sizeof(T);
  if (block.count == kBlock && reinterpret_cast<std::uintptr_t>(to) % vector_bytes == 0) {
    for (int i = 0; i < kBlock; i += static_cast<int>(hn::Lanes(d)))
      storeFloats(d, hn::Load(d, row + i), to + i);
  } else {
    for (int i = 0; i < block.count; ++i) toStored(row[i], to[i]);
  }
}

template <class T>
void writeBlock(const KernelInput& in, const Block& block, const GradientTables& tables,
                const BlockVoxels& voxels, const BlockFactors& factors, float* rows, T* gradient) {
  const LogitsLayout& layout = in.layout;
  bool present[256] = {};
  for (int i = 0; i < kBlock; ++i) present[voxels.label[i]] = true;
  for (std::int64_t c = 0; c < layout.classes; ++c) {
    float* row = rows + c * kBlock;
    present[c] ? gradientRow<true>(c, tables.everywhere[c], voxels, factors, row)
               : gradientRow<false>(c, tables.everywhere[c], voxels, factors, row);
    if (!layout.channels_last)
      writeRow(block, row, gradient + (block.sample * layout.classes + c) * layout.voxels + block.first);
  }
  if (!layout.channels_last) return;
  T* HWY_RESTRICT to = gradient + (block.sample * layout.voxels + block.first) * layout.classes;
  for (int i = 0; i < block.count; ++i)
    for (std::int64_t c = 0; c < layout.classes; ++c)
      toStored(rows[c * kBlock + i], to[i * layout.classes + c]);
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
    stageLogits(in, block, scratch);
    if (in.weight != nullptr) {
      const float* from = in.weight + block.sample * in.layout.voxels + block.first;
      for (int i = 0; i < block.count; ++i) weight[i] = from[i];
    }
    factorBlock(in, tables, voxels, weight, scratch, factors);
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
