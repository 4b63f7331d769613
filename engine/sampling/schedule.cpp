#include "rind/sampling/schedule.h"

#include <algorithm>

#include "rind/core/random.h"

namespace rind::sampling {

std::int64_t patchesOf(const core::Extent3& size, const core::Extent3& patch) {
  const std::int64_t overlap = std::min<std::int64_t>(16, patch.z / 4);
  const std::int64_t step = patch.z - overlap;
  return std::max<std::int64_t>(1, (size.z - overlap + step - 1) / step);
}

std::vector<Sample> epochSamples(const std::vector<std::int64_t>& patches_per_case, std::uint64_t seed,
                                 std::uint32_t epoch) {
  std::vector<Sample> samples;
  for (std::size_t c = 0; c < patches_per_case.size(); ++c)
    for (std::int64_t k = 0; k < patches_per_case[c]; ++k)
      samples.push_back({c, static_cast<std::uint32_t>(samples.size())});
  core::RandomStream random(seed, core::Purpose::shuffle, epoch, 0);
  for (std::size_t i = samples.size(); i > 1; --i) std::swap(samples[i - 1], samples[random.below(i)]);
  return samples;
}

}  // namespace rind::sampling
