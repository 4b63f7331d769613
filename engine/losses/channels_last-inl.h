// Between channels-last memory and rows of a block, for each instruction set (included once per Highway
// target).

#if defined(RIND_LOSSES_CHANNELS_LAST_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RIND_LOSSES_CHANNELS_LAST_INL_H_
#undef RIND_LOSSES_CHANNELS_LAST_INL_H_
#else
#define RIND_LOSSES_CHANNELS_LAST_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>
#include <cstring>

#include "rind/losses/region_kernels.h"

HWY_BEFORE_NAMESPACE();
namespace rind::losses::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE float toFloat(float value) {
  return value;
}

HWY_INLINE float toFloat(std::uint16_t bits) {  // bfloat16 is the upper half of a float32
  const std::uint32_t wide = static_cast<std::uint32_t>(bits) << 16;
  float value;
  std::memcpy(&value, &wide, sizeof(value));
  return value;
}

HWY_INLINE void toStored(float value, float& to) {
  to = value;
}

HWY_INLINE void toStored(float value, std::uint16_t& to) {  // to nearest, half way away from 0
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  to = static_cast<std::uint16_t>((bits + 0x8000u) >> 16);
}

#if HWY_TARGET != HWY_SCALAR
using Four = hn::FixedTag<float, 4>;
using FourV = hn::Vec<Four>;
using FourWide = hn::FixedTag<std::uint32_t, 4>;
using FourHalf = hn::FixedTag<std::uint16_t, 4>;

HWY_INLINE FourV loadFour(const float* from) {
  return hn::LoadU(Four(), from);
}

HWY_INLINE FourV loadFour(const std::uint16_t* from) {
  return hn::BitCast(Four(), hn::ShiftLeft<16>(hn::PromoteTo(FourWide(), hn::LoadU(FourHalf(), from))));
}

HWY_INLINE void storeFour(FourV value, float* to) {
  if (reinterpret_cast<std::uintptr_t>(to) % 16 == 0)
    hn::Stream(value, Four(), to);
  else
    hn::StoreU(value, Four(), to);
}

HWY_INLINE void storeFour(FourV value, std::uint16_t* to) {
  const auto half = hn::Set(FourWide(), 0x8000u);
  const auto rounded = hn::ShiftRight<16>(hn::Add(hn::BitCast(FourWide(), value), half));
  hn::StoreU(hn::TruncateTo(FourHalf(), rounded), FourHalf(), to);
}

/// v[i] lane k becomes v[k] lane i.
HWY_INLINE void transposeFour(FourV& v0, FourV& v1, FourV& v2, FourV& v3) {
  const Four d;
  const FourV low02 = hn::InterleaveLower(d, v0, v2);
  const FourV low13 = hn::InterleaveLower(d, v1, v3);
  const FourV high02 = hn::InterleaveUpper(d, v0, v2);
  const FourV high13 = hn::InterleaveUpper(d, v1, v3);
  v0 = hn::InterleaveLower(d, low02, low13);
  v1 = hn::InterleaveUpper(d, low02, low13);
  v2 = hn::InterleaveLower(d, high02, high13);
  v3 = hn::InterleaveUpper(d, high02, high13);
}
#endif

/// rows[c][i] = from[i·classes + c] for `count` voxels.
template <class T>
HWY_INLINE void columnsToRows(const T* HWY_RESTRICT from, std::int64_t classes, int count,
                              float* HWY_RESTRICT rows) {
  std::int64_t done = 0;  // classes of which the first `fours` voxels are done
  const int fours = count - count % 4;
#if HWY_TARGET != HWY_SCALAR
  for (int i = 0; i < fours; i += 4) {
    const T* HWY_RESTRICT voxel = from + i * classes;
    for (done = 0; done + 4 <= classes; done += 4) {
      FourV v0 = loadFour(voxel + done), v1 = loadFour(voxel + classes + done),
            v2 = loadFour(voxel + 2 * classes + done), v3 = loadFour(voxel + 3 * classes + done);
      transposeFour(v0, v1, v2, v3);
      float* HWY_RESTRICT row = rows + done * kPitch + i;
      hn::Store(v0, Four(), row);
      hn::Store(v1, Four(), row + kPitch);
      hn::Store(v2, Four(), row + 2 * kPitch);
      hn::Store(v3, Four(), row + 3 * kPitch);
    }
  }
#endif
  for (int i = 0; i < count; ++i)
    for (std::int64_t c = i < fours ? done : 0; c < classes; ++c)
      rows[c * kPitch + i] = toFloat(from[i * classes + c]);
}

/// to[i·classes + c] = rows[c][i] for `count` voxels.
template <class T>
HWY_INLINE void rowsToColumns(const float* HWY_RESTRICT rows, std::int64_t classes, int count,
                              T* HWY_RESTRICT to) {
  std::int64_t done = 0;
  const int fours = count - count % 4;
#if HWY_TARGET != HWY_SCALAR
  for (int i = 0; i < fours; i += 4) {
    T* HWY_RESTRICT voxel = to + i * classes;
    for (done = 0; done + 4 <= classes; done += 4) {
      const float* HWY_RESTRICT row = rows + done * kPitch + i;
      FourV v0 = hn::Load(Four(), row), v1 = hn::Load(Four(), row + kPitch),
            v2 = hn::Load(Four(), row + 2 * kPitch), v3 = hn::Load(Four(), row + 3 * kPitch);
      transposeFour(v0, v1, v2, v3);
      storeFour(v0, voxel + done);
      storeFour(v1, voxel + classes + done);
      storeFour(v2, voxel + 2 * classes + done);
      storeFour(v3, voxel + 3 * classes + done);
    }
  }
#endif
  for (int i = 0; i < count; ++i)
    for (std::int64_t c = i < fours ? done : 0; c < classes; ++c)
      toStored(rows[c * kPitch + i], to[i * classes + c]);
}

}  // namespace rind::losses::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RIND_LOSSES_CHANNELS_LAST_INL_H_
