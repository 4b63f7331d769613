// The gradient from probabilities that the first pass left in its place, for each instruction set (included
// once per Highway target).

#if defined(RIND_LOSSES_KEPT_PROBABILITIES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RIND_LOSSES_KEPT_PROBABILITIES_INL_H_
#undef RIND_LOSSES_KEPT_PROBABILITIES_INL_H_
#else
#define RIND_LOSSES_KEPT_PROBABILITIES_INL_H_
#endif

#include <hwy/highway.h>

#include "rind/losses/block_memory-inl.h"
#include "rind/losses/block_voxels-inl.h"
#include "rind/losses/exponentials-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rind::losses::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Probabilities are kept with float16's 11 bits; bfloat16's 8 would show in the gradient.
using Kept = hwy::float16_t;
using DKept = hn::Rebind<Kept, D>;
static_assert(sizeof(Kept) == sizeof(std::uint16_t));

/// Where the processor converts float16 in one or two instructions.
constexpr bool kHalvesAreCheap = HWY_TARGET != HWY_SCALAR && (!HWY_ARCH_X86 || HWY_TARGET <= HWY_AVX2);
/// Fewer logits than this are as fast without: they are still near when the second pass comes (measured).
constexpr std::int64_t kWorthKeeping = std::int64_t{1} << 22;

/// Where the first pass leaves a block's probabilities for the second, which overwrites them with the
/// gradient: of many bfloat16 logits, whose memory costs less than computing the exponentials again. Null
/// where it does not.
HWY_INLINE Kept* keptProbabilities(const KernelInput& in, const Block& block) {
  const LogitsLayout& layout = in.layout;
  if (!kHalvesAreCheap || in.gradient == nullptr || !layout.bfloat16) return nullptr;
  if (layout.samples * layout.classes * layout.voxels < kWorthKeeping) return nullptr;
  auto* const kept = inMemory(layout, static_cast<std::uint16_t*>(in.gradient), block);
  return streamable(layout, block, kept) ? reinterpret_cast<Kept*>(kept) : nullptr;
}

/// exponentials·inverse of two vectors, past the caches.
HWY_INLINE void keepTwo(const float* exponentials, const float* inverse, Kept* to) {
  const D d;
  const DKept half;
  for (std::size_t i = 0; i < 2 * hn::Lanes(d); i += hn::Lanes(d)) {
    const V p = hn::Mul(hn::Load(d, exponentials + i), hn::Load(d, inverse + i));
    hn::Stream(hn::DemoteTo(half, p), half, to + i);
  }
}

HWY_INLINE V loadKept(const Kept* from) {
  return hn::PromoteTo(D(), hn::Load(DKept(), from));
}

/// Per voxel of a block: the gradient is p_c·(everywhere_c + shift), and at the label `own`.
struct KeptFactors {
  HWY_ALIGN float shift[kBlock];  // w − Σ_c p_c dL/dp_c
  HWY_ALIGN float own[kBlock];
};

/// With l the label, b = everywhere, o = own, r = 1 − p_l:
///   dot = Σ_{c≠l} p_c b_c + (1 − r) b_l,  shift = w − dot − (1 − r) o,
///   own = (1 − r)((r b_l − Σ_{c≠l} p_c b_c) + r o) − w r.
/// r is the sum of the other classes' rounded probabilities, so that nothing large cancels where p_l is
/// nearly 1.
HWY_INLINE void keepFactors(const GradientTables& tables, const BlockVoxels& voxels, V rest, V others,
                            const float* HWY_RESTRICT weight, int i, KeptFactors& factors) {
  const D d;
  const bool one_region = ofOneRegion(voxels, i);
  const V p = hn::Sub(hn::Set(d, 1.0f), rest);
  const V b = lookUp(d, one_region, tables.everywhere, voxels.label, i);
  const V o = lookUp(d, one_region, tables.own, voxels.region, i);
  const V w = hn::Mul(lookUp(d, one_region, tables.cross_entropy, voxels.region, i), hn::Load(d, weight + i));
  hn::Store(hn::Sub(w, hn::MulAdd(p, hn::Add(b, o), others)), d, factors.shift + i);
  hn::Store(hn::NegMulAdd(w, rest, hn::Mul(p, hn::MulSub(rest, hn::Add(b, o), others))), d, factors.own + i);
}

/// Overwrites a block's probabilities with its gradient. `rows`: scratch for them.
HWY_INLINE void overwriteProbabilities(const LogitsLayout& layout, const Block& block,
                                       const GradientTables& tables, const BlockVoxels& voxels,
                                       const float* HWY_RESTRICT weight, Kept* kept,
                                       float* HWY_RESTRICT rows) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const Present present = presentIn(voxels);
  const NextBlock next(layout, kept - block.first, {0, block.first, block.count});
  KeptFactors factors;
  for (int i = 0; i < kBlock; i += 4 * lanes) {
    const V zero = hn::Zero(d);
    FourVectors rest{zero, zero, zero, zero}, others = rest;
    const char* asked = next.at(i);
    for (std::int64_t c = 0; c < layout.classes; ++c) {
      next.ask(asked);
      const Kept* const from = kept + c * layout.voxels + i;
      float* const row = rows + c * kPitch + i;
      FourVectors p{loadKept(from), loadKept(from + lanes), loadKept(from + 2 * lanes),
                    loadKept(from + 3 * lanes)};
      hn::Store(p.a, d, row);
      hn::Store(p.b, d, row + lanes);
      hn::Store(p.c, d, row + 2 * lanes);
      hn::Store(p.d, d, row + 3 * lanes);
      if (present.of[c])
        p = {hn::IfThenZeroElse(ofClass(d, voxels, c, i), p.a),
             hn::IfThenZeroElse(ofClass(d, voxels, c, i + lanes), p.b),
             hn::IfThenZeroElse(ofClass(d, voxels, c, i + 2 * lanes), p.c),
             hn::IfThenZeroElse(ofClass(d, voxels, c, i + 3 * lanes), p.d)};
      const V everywhere = hn::Set(d, tables.everywhere[c]);
      rest = each(rest, p, [](V sum, V v) { return hn::Add(sum, v); });
      others = each(others, p, [&](V sum, V v) { return hn::MulAdd(v, everywhere, sum); });
    }
    keepFactors(tables, voxels, rest.a, others.a, weight, i, factors);
    keepFactors(tables, voxels, rest.b, others.b, weight, i + lanes, factors);
    keepFactors(tables, voxels, rest.c, others.c, weight, i + 2 * lanes, factors);
    keepFactors(tables, voxels, rest.d, others.d, weight, i + 3 * lanes, factors);
  }
  for (std::int64_t c = 0; c < layout.classes; ++c) {
    const V everywhere = hn::Set(d, tables.everywhere[c]);
    const float* const row = rows + c * kPitch;
    const auto gradient = [&](int i) {
      return hn::Mul(hn::Load(d, row + i), hn::Add(everywhere, hn::Load(d, factors.shift + i)));
    };
    const auto with_own = [&](int i) {
      return hn::IfThenElse(ofClass(d, voxels, c, i), hn::Load(d, factors.own + i), gradient(i));
    };
    auto* const to = reinterpret_cast<std::uint16_t*>(kept + c * layout.voxels);
    for (int i = 0; i < kBlock; i += 2 * lanes) {
      if (present.of[c])
        storeTwo(with_own(i), with_own(i + lanes), to + i);
      else
        storeTwo(gradient(i), gradient(i + lanes), to + i);
    }
  }
}

}  // namespace rind::losses::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RIND_LOSSES_KEPT_PROBABILITIES_INL_H_
