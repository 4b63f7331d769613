#pragma once

#include <cstdint>
#include <vector>

#include "rind/core/geometry.h"

namespace rind::sampling {

/// One training sample: which case, and its number within the epoch (the key of all its random choices).
struct Sample {
  std::size_t case_index = 0;
  std::uint32_t number = 0;
};

/// Patches that a case of `size` gives each epoch: consecutive ones along z would overlap by 16 slices
/// (Protocol), or by a quarter of a patch that is thin.
std::int64_t patchesOf(const core::Extent3& size, const core::Extent3& patch);

/// The samples of one epoch in the order of training: every case as often as `patches_per_case` says,
/// shuffled by (seed, epoch) alone.
std::vector<Sample> epochSamples(const std::vector<std::int64_t>& patches_per_case, std::uint64_t seed,
                                 std::uint32_t epoch);

}  // namespace rind::sampling
