#include "rind/losses/distance_kernel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE \
  "rind/losses/distance_kernel.cpp"  // NOLINT(bugprone-suspicious-include): once per target
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace rind::losses::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Distances = hn::ScalableTag<SquaredDistance>;

/// Rows of the input that reach output row k: [first, last).
struct Rows {
  std::int64_t first, last;
};

HWY_INLINE Rows rowsInReach(const AxisPass& pass, std::int64_t k) {
  const std::int64_t at = k - pass.shift;
  return {at > pass.reach ? at - pass.reach : 0,
          at + pass.reach + 1 < pass.input_rows ? at + pass.reach + 1 : pass.input_rows};
}

/// The least of one vector's (or voxel's) column.
template <class Tag>
HWY_INLINE void leastOfColumn(Tag d, const AxisPass& pass, std::int64_t k,
                              const SquaredDistance* HWY_RESTRICT input,
                              SquaredDistance* HWY_RESTRICT output) {
  const Rows rows = rowsInReach(pass, k);
  auto least = hn::Set(d, kFar);
  for (std::int64_t q = rows.first; q < rows.last; ++q) {
    const std::int64_t away = k - pass.shift - q;
    const auto add = hn::Set(d, static_cast<SquaredDistance>(away * away));
    least = hn::Min(least, hn::Add(hn::LoadU(d, input + q * pass.input_stride), add));
  }
  hn::StoreU(least, d, output + k * pass.output_stride);
}

/// Four vectors side by side hide the latency of the minimum.
HWY_INLINE void leastOfFour(const AxisPass& pass, std::int64_t k, const SquaredDistance* HWY_RESTRICT input,
                            SquaredDistance* HWY_RESTRICT output) {
  const Distances d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const Rows rows = rowsInReach(pass, k);
  auto a = hn::Set(d, kFar);
  auto b = a;
  auto c = a;
  auto e = a;
  for (std::int64_t q = rows.first; q < rows.last; ++q) {
    const SquaredDistance* HWY_RESTRICT row = input + q * pass.input_stride;
    const std::int64_t away = k - pass.shift - q;
    const auto add = hn::Set(d, static_cast<SquaredDistance>(away * away));
    a = hn::Min(a, hn::Add(hn::LoadU(d, row), add));
    b = hn::Min(b, hn::Add(hn::LoadU(d, row + lanes), add));
    c = hn::Min(c, hn::Add(hn::LoadU(d, row + 2 * lanes), add));
    e = hn::Min(e, hn::Add(hn::LoadU(d, row + 3 * lanes), add));
  }
  SquaredDistance* to = output + k * pass.output_stride;
  hn::StoreU(a, d, to);
  hn::StoreU(b, d, to + lanes);
  hn::StoreU(c, d, to + 2 * lanes);
  hn::StoreU(e, d, to + 3 * lanes);
}

void distanceAlong(const AxisPass& pass, const SquaredDistance* input, SquaredDistance* output) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(Distances()));
  std::int64_t x = 0;
  for (; x + 4 * lanes <= pass.width; x += 4 * lanes)
    for (std::int64_t k = 0; k < pass.output_rows; ++k) leastOfFour(pass, k, input + x, output + x);
  for (; x + lanes <= pass.width; x += lanes)
    for (std::int64_t k = 0; k < pass.output_rows; ++k)
      leastOfColumn(Distances(), pass, k, input + x, output + x);
  for (; x < pass.width; ++x)
    for (std::int64_t k = 0; k < pass.output_rows; ++k)
      leastOfColumn(hn::CappedTag<SquaredDistance, 1>(), pass, k, input + x, output + x);
}

}  // namespace rind::losses::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rind::losses {

HWY_EXPORT(distanceAlong);

void squaredDistanceAlong(const AxisPass& pass, const SquaredDistance* input, SquaredDistance* output) {
  HWY_DYNAMIC_DISPATCH(distanceAlong)(pass, input, output);
}

}  // namespace rind::losses
#endif
