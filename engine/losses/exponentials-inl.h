// The exponentials of a block's logits, for each instruction set (included once per Highway target).

#if defined(RIND_LOSSES_EXPONENTIALS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RIND_LOSSES_EXPONENTIALS_INL_H_
#undef RIND_LOSSES_EXPONENTIALS_INL_H_
#else
#define RIND_LOSSES_EXPONENTIALS_INL_H_
#endif

#include <hwy/highway.h>

#include "rind/losses/block_memory-inl.h"
#include "rind/losses/block_voxels-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rind::losses::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// What exponents of 2 are kept between where the processor cannot scale by any.
constexpr float kMostOctaves = 126.0f;
/// Sums beyond this are found anew by the largest logit: they may hold an exponential that is too large to be
/// added up, and their reciprocals times small coefficients may be too small to be kept.
constexpr float kLargestTotal = 1e25f;
constexpr float kOctavesPerUnit = 1.44269504f;  // 1/ln 2
constexpr float kUnitsPerOctave = 0.69314718f;

/// While it lives, this thread's results that would be subnormal are 0: they are nothing beside a sum of 1 or
/// more, and a processor may take a hundred cycles for each.
class NoSubnormals {
 public:
#if HWY_ARCH_X86
  NoSubnormals() : before_(_mm_getcsr()) {
    constexpr unsigned kFlushToZero = 0x8000;
    _mm_setcsr(before_ | kFlushToZero);
  }
  ~NoSubnormals() {
    _mm_setcsr(before_);
  }

 private:
  unsigned before_;
#else
  NoSubnormals() {}
#endif
};

/// Four vectors: what is done to them is written side by side, because each is a chain of dependent steps.
struct FourVectors {
  V a, b, c, d;
};

template <class Step>
HWY_INLINE FourVectors each(const FourVectors& x, const Step& step) {
  return {step(x.a), step(x.b), step(x.c), step(x.d)};
}

template <class Step>
HWY_INLINE FourVectors each(const FourVectors& x, const FourVectors& y, const Step& step) {
  return {step(x.a, y.a), step(x.b, y.b), step(x.c, y.c), step(x.d, y.d)};
}

/// f of y = n + f, n the whole number nearest to y: f is small where y is, so that 2^y of y near 0 is as
/// exact as y itself. 0 of an infinite y with AVX-512, else not a number.
HWY_INLINE V fractionOf(V y) {
#if HWY_TARGET <= HWY_AVX3
  return V{_mm512_reduce_ps(y.raw, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
#else
  return hn::Sub(y, hn::Round(y));
#endif
}

/// p·2ⁿ of whole n; without AVX-512 n is kept within kMostOctaves.
HWY_INLINE V scaled(V p, V n) {
#if HWY_TARGET <= HWY_AVX3
  return V{_mm512_scalef_ps(p.raw, n.raw)};
#else
  const D d;
  const DI di;
  const V most = hn::Set(d, kMostOctaves);
  const V within = hn::Min(hn::Max(n, hn::Neg(most)), most);
  const auto exponent = hn::Add(hn::ConvertTo(di, within), hn::Set(di, 127));
  return hn::Mul(p, hn::BitCast(d, hn::ShiftLeft<23>(exponent)));  // p may be no number, and stays so
#endif
}

/// 2^y within 2e-7 relative (of 0 it is 1 exactly): a polynomial of degree 5 in y's fraction (Remez, relative
/// error 9e-8), scaled.
HWY_INLINE FourVectors exp2Of(const FourVectors& y) {
  const D d;
  const FourVectors f = each(y, [](V v) { return fractionOf(v); });
  const FourVectors n = each(y, f, [](V v, V rest) { return hn::Sub(v, rest); });
  const V c5 = hn::Set(d, 0.0013264727f), c4 = hn::Set(d, 0.0096715126f), c3 = hn::Set(d, 0.055507337f);
  const V c2 = hn::Set(d, 0.24022242f), c1 = hn::Set(d, 0.69314698f), one = hn::Set(d, 1.0f);
  FourVectors p = each(f, [&](V v) { return hn::MulAdd(v, c5, c4); });
  p = each(p, f, [&](V q, V v) { return hn::MulAdd(q, v, c3); });
  p = each(p, f, [&](V q, V v) { return hn::MulAdd(q, v, c2); });
  p = each(p, f, [&](V q, V v) { return hn::MulAdd(q, v, c1); });
  p = each(p, f, [&](V q, V v) { return hn::MulAdd(q, v, one); });
  return each(p, n, [](V q, V m) { return scaled(q, m); });
}

/// Whether 2^(y − y_label) added up without one that was too large, or not a number.
HWY_INLINE bool usual(D d, V total) {
  return hn::AllTrue(d, hn::And(hn::Lt(total, hn::Set(d, kLargestTotal)), hn::Gt(total, hn::Set(d, 0.5f))));
}

/// The exponentials of the voxels at i by their largest logit: what z_label cannot do where another logit is
/// far above it.
struct FromLargest {
  V total;        // Σ_c exp(z_c − top)
  V own;          // exp(z_label − top)
  V above_label;  // top − z_label
  bool finite;
};

/// `logits`: rows as they were staged; the exponentials go to `rows`.
HWY_NOINLINE HWY_MAYBE_UNUSED static FromLargest exponentialsFromLargest(const float* HWY_RESTRICT logits,
                                                                         std::int64_t classes, V own, int i,
                                                                         float* HWY_RESTRICT rows) {
  const D d;
  V top = own;
  V finite = hn::Zero(d);  // 0·z adds up to 0 over finite logits only
  for (std::int64_t c = 0; c < classes; ++c) {
    const V z = hn::Load(d, logits + c * kPitch + i);
    top = hn::Max(top, z);
    finite = hn::MulAdd(z, hn::Zero(d), finite);
  }
  const auto exponential = [&](V z) {  // 87 below the largest it is nothing
    const V below = hn::Max(hn::Sub(z, top), hn::Set(d, -87.0f));
    const V y = hn::Mul(below, hn::Set(d, kOctavesPerUnit));
    return exp2Of({y, y, y, y}).a;
  };
  V total = hn::Zero(d);
  for (std::int64_t c = 0; c < classes; ++c) {
    const V e = exponential(hn::Load(d, logits + c * kPitch + i));
    hn::Store(e, d, rows + c * kPitch + i);
    total = hn::Add(total, e);
  }
  return {total, exponential(own), hn::Sub(top, own), hn::AllTrue(d, hn::Eq(finite, hn::Zero(d)))};
}

/// What one pass over the classes leaves of four vectors of voxels. With y = z/ln 2, t = y_label rounded:
struct Columns {
  FourVectors total;  // Σ_c 2^(y_c − t)
  FourVectors own;    // z_label
  FourVectors rest;   // y_label − t
};

/// Turns rows of logits into rows of 2^(y_c − t), which is exp(z_c − z_label), for the voxels at i: with
/// z_label in place of the usual largest logit one pass is enough. `also(c, z, e)` sees the logits and the
/// exponentials of each class.
template <class Also>
HWY_INLINE Columns exponentialsAt(std::int64_t classes, const NextBlock& next, const BlockVoxels& voxels,
                                  int i, float* HWY_RESTRICT rows, const Also& also) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const V per_unit = hn::Set(d, kOctavesPerUnit), zero = hn::Zero(d);
  const auto own_at = [&](int k) { return ofOwnClass(d, ofOneRegion(voxels, k), rows, voxels, k); };
  const FourVectors own{own_at(i), own_at(i + lanes), own_at(i + 2 * lanes), own_at(i + 3 * lanes)};
  const FourVectors start = each(own, [&](V z) { return hn::Mul(z, per_unit); });
  FourVectors total{zero, zero, zero, zero};
  const char* asked = next.at(i);
  float* HWY_RESTRICT column = rows + i;
  for (std::int64_t c = 0; c < classes; ++c, column += kPitch) {
    next.ask(asked);
    const FourVectors z{hn::Load(d, column), hn::Load(d, column + lanes), hn::Load(d, column + 2 * lanes),
                        hn::Load(d, column + 3 * lanes)};
    const FourVectors e = exp2Of(each(z, start, [&](V v, V s) { return hn::MulSub(v, per_unit, s); }));
    hn::Store(e.a, d, column);
    hn::Store(e.b, d, column + lanes);
    hn::Store(e.c, d, column + 2 * lanes);
    hn::Store(e.d, d, column + 3 * lanes);
    total = each(total, e, [](V sum, V v) { return hn::Add(sum, v); });
    also(c, z, e);
  }
  return {total, own, each(own, start, [&](V z, V s) { return hn::MulSub(z, per_unit, s); })};
}

}  // namespace rind::losses::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RIND_LOSSES_EXPONENTIALS_INL_H_
