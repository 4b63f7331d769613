// Compiled once for each kind of processor; the fastest that runs here is chosen at run time (Highway).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rind/contour/band_kernel.cpp"
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "rind/contour/band_kernel.h"

HWY_BEFORE_NAMESPACE();
namespace rind::contour::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Sixteen limits fit one table look-up, so a label map of up to 16 classes takes one a vector.
void MaskWithin(const std::uint8_t* HWY_RESTRICT labels, const std::uint8_t* HWY_RESTRICT depth,
                const std::array<std::uint8_t, 256>& limit, [[maybe_unused]] int classes, std::int64_t count,
                std::uint8_t* HWY_RESTRICT out) {
  std::int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<std::uint8_t> d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const auto one = hn::Set(d, 1), last = hn::Set(d, 15);
  for (; i + lanes <= count; i += lanes) {
    const auto label = hn::LoadU(d, labels + i), own = hn::LoadU(d, depth + i);
    auto within = hn::Zero(d);
    for (int first = 0; first < classes; first += 16) {
      const auto index = hn::Sub(label, hn::Set(d, static_cast<std::uint8_t>(first)));
      const auto table = hn::LoadDup128(d, limit.data() + first);
      const auto found = hn::TableLookupBytes(table, hn::And(index, last));
      within = hn::Or(within, hn::IfThenElseZero(hn::Eq(hn::Min(index, last), index), found));
    }
    hn::StoreU(hn::IfThenElseZero(hn::Eq(hn::Min(own, within), own), one), d, out + i);
  }
#endif
  for (; i < count; ++i) out[i] = depth[i] <= limit[labels[i]];
}

}  // namespace rind::contour::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rind::contour {

HWY_EXPORT(MaskWithin);

void maskWithin(const std::uint8_t* labels, const std::uint8_t* depth,
                const std::array<std::uint8_t, 256>& limit, int classes, std::int64_t count,
                std::uint8_t* out) {
  HWY_DYNAMIC_DISPATCH(MaskWithin)(labels, depth, limit, classes, count, out);
}

}  // namespace rind::contour
#endif  // HWY_ONCE
