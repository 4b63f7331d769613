#include "rind/networks/relu_batch_norm_kernel.h"

#include <algorithm>
#include <numeric>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE \
  "rind/networks/relu_batch_norm_kernel.cpp"  // NOLINT(bugprone-suspicious-include): once per target
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

// The numbers of a run repeat their channels with a period; a multiple of it that whole pairs of vectors fill
// is a "row", so that any number of channels is computed vector by vector. What is left at the end is
// computed one by one.

HWY_BEFORE_NAMESPACE();
namespace rind::networks::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<float, 16>;
using DU = hn::Rebind<std::uint32_t, D>;
using DHalf = hn::Rebind<std::uint16_t, D>;
using V = hn::Vec<D>;

/// Numbers that are summed in float32 before they are added up in float64.
constexpr std::int64_t kBlock = 8192;

HWY_INLINE V load(const float* from) {
  return hn::LoadU(D(), from);
}

HWY_INLINE V load(const std::uint16_t* from) {  // bfloat16 is the upper half of a float32
  return hn::BitCast(D(), hn::ShiftLeft<16>(hn::PromoteTo(DU(), hn::LoadU(DHalf(), from))));
}

template <bool kPastCaches>
HWY_INLINE void store(V first, V second, float* to) {
  const D d;
  if constexpr (kPastCaches) {
    hn::Stream(first, d, to);
    hn::Stream(second, d, to + hn::Lanes(d));
  } else {
    hn::StoreU(first, d, to);
    hn::StoreU(second, d, to + hn::Lanes(d));
  }
}

/// Rounds to the nearest bfloat16, to even half way, as LibTorch does.
HWY_INLINE hn::Vec<DU> rounded(V value) {
  const DU du;
  const auto bits = hn::BitCast(du, value);
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(du, 1));
  return hn::Add(bits, hn::Add(odd, hn::Set(du, 0x7FFFu)));
}

template <bool kPastCaches>
HWY_INLINE void store(V first, V second, std::uint16_t* to) {
#if HWY_TARGET == HWY_SCALAR
  to[0] = static_cast<std::uint16_t>(rounded(first).raw >> 16);
  to[1] = static_cast<std::uint16_t>(rounded(second).raw >> 16);
#else
  const hn::Repartition<std::uint16_t, D> upper;
  const auto both =
      hn::ConcatOdd(upper, hn::BitCast(upper, rounded(second)), hn::BitCast(upper, rounded(first)));
  if constexpr (kPastCaches)
    hn::Stream(both, upper, to);
  else
    hn::StoreU(both, upper, to);
#endif
}

/// max(value, 0); what is not a number stays so (Highway's Max takes its second argument then), as with
/// at::relu: training has to notice it.
HWY_INLINE V relu(V value) {
  return hn::Max(hn::Zero(D()), value);
}
HWY_INLINE float relu(float value) {
  return value <= 0 ? 0.0f : value;
}

HWY_INLINE float toFloat(float value) {
  return value;
}
HWY_INLINE float toFloat(std::uint16_t value) {
  return hwy::F32FromBF16({value});
}
HWY_INLINE void put(float value, float& to) {
  to = value;
}
HWY_INLINE void put(float value, std::uint16_t& to) {
  std::uint32_t bits;
  hwy::CopySameSize(&value, &bits);
  to = static_cast<std::uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}

std::int64_t rowOf(std::int64_t channels) {
  return std::lcm(channels, 2 * static_cast<std::int64_t>(hn::Lanes(D())));
}

/// Numbers of a channel's coefficient, repeated over a row.
std::vector<float> overRow(const float* of_channel, std::int64_t channels) {
  std::vector<float> row(static_cast<std::size_t>(rowOf(channels)));
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = of_channel[i % static_cast<std::size_t>(channels)];
  return row;
}

/// Adds Σ first(k) and Σ second(k) of every number, by channel. `pair(at)` gives both of the vector at `at`,
/// `single(at)` of one number.
template <class Pair, class Single>
HWY_INLINE void addMoments(const ChannelsLastRun& x, double* sums, const Pair& pair, const Single& single) {
  const D d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const std::int64_t row = rowOf(x.channels), rows = x.count / row;
  const std::int64_t rows_at_once = std::max<std::int64_t>(1, kBlock / row);
  HWY_ALIGN float first[16], second[16];
  for (std::int64_t from = 0; from < rows; from += rows_at_once) {
    const std::int64_t to = std::min(rows, from + rows_at_once);
    for (std::int64_t column = 0; column < row; column += lanes) {
      V a = hn::Zero(d), b = hn::Zero(d), a2 = hn::Zero(d), b2 = hn::Zero(d);
      std::int64_t i = from;
      for (; i + 1 < to; i += 2) {
        pair(i * row + column, a, b);
        pair((i + 1) * row + column, a2, b2);
      }
      if (i < to) pair(i * row + column, a, b);
      hn::Store(hn::Add(a, a2), d, first);
      hn::Store(hn::Add(b, b2), d, second);
      for (std::int64_t lane = 0; lane < lanes; ++lane) {
        const std::int64_t channel = (column + lane) % x.channels;
        sums[channel] += static_cast<double>(first[lane]);
        sums[x.channels + channel] += static_cast<double>(second[lane]);
      }
    }
  }
  for (std::int64_t at = rows * row; at < x.count; ++at) {
    const auto [a, b] = single(at);
    sums[at % x.channels] += static_cast<double>(a);
    sums[x.channels + at % x.channels] += static_cast<double>(b);
  }
}

template <class T>
void addReluMomentsOf(const ChannelsLastRun& run, double* sums) {
  const T* const x = static_cast<const T*>(run.values);
  addMoments(
      run, sums,
      [x](std::int64_t at, V& sum, V& squares) HWY_ATTR {
        const V r = relu(load(x + at));
        sum = hn::Add(sum, r);
        squares = hn::MulAdd(r, r, squares);
      },
      [x](std::int64_t at) {
        const float r = relu(toFloat(x[at]));
        return std::pair(r, r * r);
      });
}

template <class T>
void addReluGradientMomentsOf(const ChannelsLastRun& run, const T* g, double* sums) {
  const T* const x = static_cast<const T*>(run.values);
  addMoments(
      run, sums,
      [x, g](std::int64_t at, V& sum, V& products) HWY_ATTR {
        const V r = relu(load(x + at)), gradient = load(g + at);
        sum = hn::Add(sum, gradient);
        products = hn::MulAdd(gradient, r, products);
      },
      [x, g](std::int64_t at) {
        const float gradient = toFloat(g[at]);
        return std::pair(gradient, gradient * relu(toFloat(x[at])));
      });
}

/// to[k] = value(k, place in the row), two vectors at a time.
template <bool kPastCaches, class T, class Vector, class Single>
HWY_INLINE void writeEach(const ChannelsLastRun& x, T* to, const Vector& vector, const Single& single) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(D()));
  const std::int64_t row = rowOf(x.channels), end = x.count / row * row;
  for (std::int64_t from = 0; from < end; from += row)
    for (std::int64_t column = 0; column < row; column += 2 * lanes)
      store<kPastCaches>(vector(from + column, column), vector(from + column + lanes, column + lanes),
                         to + from + column);
  for (std::int64_t at = end; at < x.count; ++at) put(single(at, at - end), to[at]);
}

template <bool kPastCaches, class T>
void writeReluAffineOf(const ChannelsLastRun& run, const std::vector<float>& scale,
                       const std::vector<float>& shift, T* y) {
  const T* const x = static_cast<const T*>(run.values);
  const float* const a = scale.data();
  const float* const b = shift.data();
  writeEach<kPastCaches>(
      run, y,
      [x, a, b](std::int64_t at, std::int64_t column)
          HWY_ATTR { return hn::MulAdd(relu(load(x + at)), load(a + column), load(b + column)); },
      [x, a, b](std::int64_t at, std::int64_t column) {
        return relu(toFloat(x[at])) * a[column] + b[column];
      });
}

template <bool kPastCaches, class T>
void writeReluGradientOf(const ChannelsLastRun& run, const T* g, const std::vector<float> (&rows)[3], T* dx) {
  const T* const x = static_cast<const T*>(run.values);
  const float* const a = rows[0].data();
  const float* const b = rows[1].data();
  const float* const c = rows[2].data();
  writeEach<kPastCaches>(
      run, dx,
      [=](std::int64_t at, std::int64_t column) HWY_ATTR {
        const V value = load(x + at);
        const V slope = hn::MulAdd(value, load(b + column), load(c + column));
        return hn::IfThenElseZero(hn::Gt(value, hn::Zero(D())),
                                  hn::MulAdd(load(g + at), load(a + column), slope));
      },
      [=](std::int64_t at, std::int64_t column) {
        const float value = toFloat(x[at]);
        return value > 0 ? toFloat(g[at]) * a[column] + (value * b[column] + c[column]) : 0.0f;
      });
}

/// Calls `with` with a pointer of the run's type.
template <class With>
void withType(bool bfloat16, const With& with) {
  if (bfloat16)
    with(static_cast<std::uint16_t*>(nullptr));
  else
    with(static_cast<float*>(nullptr));
}

void addReluMoments(const ChannelsLastRun& x, double* sums) {
  withType(x.bfloat16, [&](auto* t) { addReluMomentsOf<std::remove_pointer_t<decltype(t)>>(x, sums); });
}

void addReluGradientMoments(const ChannelsLastRun& x, const void* g, double* sums) {
  withType(x.bfloat16, [&](auto* t) {
    addReluGradientMomentsOf(x, static_cast<const std::remove_pointer_t<decltype(t)>*>(g), sums);
  });
}

void writeReluAffine(const ChannelsLastRun& x, const float* scale, const float* shift, bool past_caches,
                     void* y) {
  const auto a = overRow(scale, x.channels), b = overRow(shift, x.channels);
  withType(x.bfloat16, [&](auto* t) {
    auto* const to = static_cast<decltype(t)>(y);
    past_caches ? writeReluAffineOf<true>(x, a, b, to) : writeReluAffineOf<false>(x, a, b, to);
  });
}

void writeReluGradient(const ChannelsLastRun& x, const void* g, const GradientCoefficients& coefficients,
                       bool past_caches, void* dx) {
  const std::vector<float> rows[3] = {overRow(coefficients.gradient, x.channels),
                                      overRow(coefficients.activation, x.channels),
                                      overRow(coefficients.constant, x.channels)};
  withType(x.bfloat16, [&](auto* t) {
    const auto* const from = static_cast<const std::remove_pointer_t<decltype(t)>*>(g);
    auto* const to = static_cast<decltype(t)>(dx);
    past_caches ? writeReluGradientOf<true>(x, from, rows, to)
                : writeReluGradientOf<false>(x, from, rows, to);
  });
}

}  // namespace rind::networks::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rind::networks {

HWY_EXPORT(addReluMoments);
HWY_EXPORT(addReluGradientMoments);
HWY_EXPORT(writeReluAffine);
HWY_EXPORT(writeReluGradient);

bool reluBatchNormIsBuilt() {
  return true;
}

void addReluMoments(const ChannelsLastRun& x, double* sums) {
  HWY_DYNAMIC_DISPATCH(addReluMoments)(x, sums);
}

void addReluGradientMoments(const ChannelsLastRun& x, const void* g, double* sums) {
  HWY_DYNAMIC_DISPATCH(addReluGradientMoments)(x, g, sums);
}

void writeReluAffine(const ChannelsLastRun& x, const float* scale, const float* shift, bool past_caches,
                     void* y) {
  HWY_DYNAMIC_DISPATCH(writeReluAffine)(x, scale, shift, past_caches, y);
}

void writeReluGradient(const ChannelsLastRun& x, const void* g, const GradientCoefficients& coefficients,
                       bool past_caches, void* dx) {
  HWY_DYNAMIC_DISPATCH(writeReluGradient)(x, g, coefficients, past_caches, dx);
}

}  // namespace rind::networks
#endif
