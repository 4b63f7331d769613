// Between a block's rows in the first-level cache and logits or gradient in memory, for each instruction set
// (included once per Highway target).

#if defined(RIND_LOSSES_BLOCK_MEMORY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RIND_LOSSES_BLOCK_MEMORY_INL_H_
#undef RIND_LOSSES_BLOCK_MEMORY_INL_H_
#else
#define RIND_LOSSES_BLOCK_MEMORY_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <cstring>

#include "rind/losses/block_voxels-inl.h"
#include "rind/losses/channels_last-inl.h"
#include "rind/losses/region_kernels.h"

HWY_BEFORE_NAMESPACE();
namespace rind::losses::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE V loadFloats(D d, const float* from) {
  return hn::LoadU(d, from);
}

HWY_INLINE V loadFloats(D d, const std::uint16_t* from) {  // bfloat16 is the upper half of a float32
  return hn::BitCast(d, hn::ShiftLeft<16>(hn::PromoteTo(DU(), hn::LoadU(DHalf(), from))));
}

/// Whether each class's voxels of a block are a run of memory, kBlock of them.
HWY_INLINE bool liesInRuns(const LogitsLayout& layout, const Block& block) {
  return !layout.channels_last && block.count == kBlock;
}

template <class T>
HWY_INLINE T* inMemory(const LogitsLayout& layout, T* values, const Block& block) {
  return values + block.sample * layout.classes * layout.voxels + block.first;
}

/// Copies a block's logits to rows[class][voxel] (kPitch floats a row, 0 beyond the count): one run of memory
/// after the other, which memory likes better than all classes side by side; channels-last memory is
/// transposed.
template <class T>
HWY_INLINE void stage(const LogitsLayout& layout, const T* logits, const Block& block,
                      float* HWY_RESTRICT rows) {
  const D d;
  const std::int64_t classes = layout.classes;
  const T* HWY_RESTRICT from = inMemory(layout, logits, block);
  if (liesInRuns(layout, block)) {
    for (std::int64_t c = 0; c < classes; ++c)
      for (int i = 0; i < kBlock; i += static_cast<int>(hn::Lanes(d)))
        hn::Store(loadFloats(d, from + c * layout.voxels + i), d, rows + c * kPitch + i);
    return;
  }
  if (block.count < kBlock) std::memset(rows, 0, static_cast<std::size_t>(classes) * kPitch * sizeof(float));
  if (layout.channels_last) {
    columnsToRows(logits + (block.sample * layout.voxels + block.first) * classes, classes, block.count,
                  rows);
    return;
  }
  for (std::int64_t c = 0; c < classes; ++c)
    for (int i = 0; i < block.count; ++i) rows[c * kPitch + i] = toFloat(from[c * layout.voxels + i]);
}

/// Two vectors to memory past the caches.
HWY_INLINE void streamTwo(V first, V second, float* to) {
  const D d;
  hn::Stream(first, d, to);
  hn::Stream(second, d, to + hn::Lanes(d));
}

/// Two vectors, each rounded to the nearest bfloat16, half way away from 0; `write(vector, its tag, to)`.
template <class Write>
HWY_INLINE void writeTwo(V first, V second, std::uint16_t* to, [[maybe_unused]] const Write& write) {
  const DU du;
  const auto half = hn::Set(du, 0x8000u);
  const auto low = hn::Add(hn::BitCast(du, first), half), high = hn::Add(hn::BitCast(du, second), half);
#if HWY_TARGET == HWY_SCALAR
  to[0] = static_cast<std::uint16_t>(low.raw >> 16);
  to[1] = static_cast<std::uint16_t>(high.raw >> 16);
#else
  const hn::Repartition<std::uint16_t, D> upper;
  write(hn::ConcatOdd(upper, hn::BitCast(upper, high), hn::BitCast(upper, low)), upper, to);
#endif
}

HWY_INLINE void streamTwo(V first, V second, std::uint16_t* to) {
  writeTwo(first, second, to, [](auto values, auto tag, std::uint16_t* at) { hn::Stream(values, tag, at); });
}

/// To memory that the caches hold already.
HWY_INLINE void storeTwo(V first, V second, std::uint16_t* to) {
  writeTwo(first, second, to, [](auto values, auto tag, std::uint16_t* at) { hn::Store(values, tag, at); });
}

/// Whether rows at `to` may be written past the caches.
template <class T>
HWY_INLINE bool streamable(const LogitsLayout& layout, const Block& block, const T* to) {
  const std::size_t bytes = hn::Lanes(D()) * sizeof(float);
  return liesInRuns(layout, block) && reinterpret_cast<std::uintptr_t>(to) % bytes == 0 &&
         static_cast<std::size_t>(layout.voxels) * sizeof(T) % bytes == 0;
}

/// Writes rows of a block to memory that they could not be streamed to.
template <class T>
HWY_INLINE void writeRows(const LogitsLayout& layout, const Block& block, const float* HWY_RESTRICT rows,
                          T* values) {
  if (layout.channels_last) {
    rowsToColumns(rows, layout.classes, block.count,
                  values + (block.sample * layout.voxels + block.first) * layout.classes);
    return;
  }
  T* HWY_RESTRICT to = inMemory(layout, values, block);
  for (std::int64_t c = 0; c < layout.classes; ++c)
    for (int i = 0; i < block.count; ++i) toStored(rows[c * kPitch + i], to[c * layout.voxels + i]);
}

/// Asks for the next block's values while this one is computed, a cache line a call; the second-level cache
/// takes them, because rows a power of two apart would drive each other out of the first.
class NextBlock {
 public:
  NextBlock(const LogitsLayout& layout, const void* values, const Block& block)
      : at_(static_cast<const char*>(values)) {
    if (block.first + 2 * kBlock > layout.voxels) return;  // none: the address stays where memory is
    const std::int64_t bytes = layout.bfloat16 ? 2 : 4;
    group_ = 4 * static_cast<std::int64_t>(hn::Lanes(D())) * bytes;
    voxel_ = layout.channels_last ? layout.classes * bytes : bytes;
    class_ = layout.channels_last ? group_ : layout.voxels * bytes;
    at_ += block.sample * layout.classes * layout.voxels * bytes + (block.first + kBlock) * voxel_;
  }

  /// For four vectors of voxels at i, beginning with the first class (or as much memory of whatever class).
  HWY_INLINE const char* at(int i) const { return at_ + i * voxel_; }
  /// Asks for four vectors, and goes on to the class after it.
  HWY_INLINE void ask(const char*& at) const {
    for (std::int64_t line = 0; line < group_; line += 64) __builtin_prefetch(at + line, 0, 2);
    at += class_;
  }

 private:
  const char* at_;
  std::int64_t group_ = 0, voxel_ = 0, class_ = 0;  // bytes from one to the next
};

}  // namespace rind::losses::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RIND_LOSSES_BLOCK_MEMORY_INL_H_
