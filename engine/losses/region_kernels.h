#pragma once

#include <cstddef>
#include <cstdint>

#include "rind/losses/gradient_tables.h"
#include "rind/losses/region_sums.h"

namespace rind::losses {

/// Voxels that the kernels take at a time: their logits stay in the first-level cache for up to 32 classes or
/// so, twice and with two threads on a core for 16.
constexpr int kBlock = 128;
/// Floats from one class's row of a block to the next: rows 4 KiB apart would be taken for one another by
/// loads that pass earlier stores.
constexpr int kPitch = kBlock + 16;
/// Lanes of the widest vector.
constexpr int kPadding = 16;

/// Logits (or their gradient) in memory.
struct LogitsLayout {
  std::int64_t samples = 0;
  std::int64_t classes = 0;
  std::int64_t voxels = 0;  // of one sample
  bool channels_last = false;
  bool bfloat16 = false;

  std::int64_t blocksPerSample() const { return (voxels + kBlock - 1) / kBlock; }
  std::int64_t blocks() const { return samples * blocksPerSample(); }
};

struct KernelInput {
  LogitsLayout layout;
  const void* logits = nullptr;
  const std::uint8_t* labels = nullptr;  // [samples, voxels]
  const std::uint8_t* band = nullptr;
  const float* weight = nullptr;  // may be null
  /// Has the logits' layout and type; null where only sums are wanted. Between the two passes it holds what
  /// the first leaves for the second: the probabilities of bfloat16 logits, so that they are computed once.
  void* gradient = nullptr;
};

struct BlockRange {
  std::int64_t first = 0;
  std::int64_t last = 0;  // one beyond
};

/// What a range of blocks adds up to. `classes` has one zeroed entry per class.
struct RangeSums {
  ClassSums* classes = nullptr;
  bool label_beyond = false;  // a label ≥ classes was met
  bool not_finite = false;    // a logit that is NaN or infinite was met
};

/// Whether the two kernels below are there (they need Highway).
bool kernelsAreBuilt();

/// Adds blocks of `range` to `sums`, and leaves in the gradient what writeGradient takes from there.
/// `scratch`: 3 × classes × kPitch floats, 64-byte aligned. The fastest instruction set of this machine is
/// chosen at run time.
void addRegionSums(const KernelInput& input, const BlockRange& range, float* scratch, RangeSums& sums);

/// Writes the gradient of blocks of `range`, after addRegionSums with the same input.
void writeGradient(const KernelInput& input, const BlockRange& range, float* scratch,
                   const GradientTables& tables);

}  // namespace rind::losses
