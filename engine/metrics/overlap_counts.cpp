#include "rind/metrics/overlap_counts.h"

#include <array>
#include <cstring>

namespace rind::metrics {
namespace {

std::uint64_t eightBytes(const std::uint8_t* at) {
  std::uint64_t bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

std::uint64_t eightTimes(std::uint8_t value) {
  return value * 0x0101010101010101ull;
}

/// Voxels from `begin` on, up to `end`, that have the two labels of the first one.
std::int64_t runEnd(const std::uint8_t* a, const std::uint8_t* b, std::int64_t begin, std::int64_t end) {
  const std::uint64_t first = eightTimes(a[begin]), second = eightTimes(b[begin]);
  std::int64_t i = begin;
  while (i + 8 <= end && eightBytes(a + i) == first && eightBytes(b + i) == second) i += 8;
  while (i < end && a[i] == a[begin] && b[i] == b[begin]) ++i;
  return i;
}

using Table = std::array<OverlapCounts, 256>;

void countRuns(core::LabelView reference, core::LabelView prediction, std::int64_t begin, std::int64_t end,
               Table& table) {
  const std::uint8_t *a = reference.data, *b = prediction.data;
  while (begin < end) {
    const std::int64_t next = runEnd(a, b, begin, end);
    const auto voxels = static_cast<std::uint64_t>(next - begin);
    table[a[begin]].reference += voxels;
    table[b[begin]].prediction += voxels;
    if (a[begin] == b[begin]) table[a[begin]].both += voxels;
    begin = next;
  }
}

}  // namespace

std::vector<OverlapCounts> overlapCounts(core::LabelView reference, core::LabelView prediction, int classes) {
  const std::int64_t plane = reference.size.y * reference.size.x;
  std::vector<OverlapCounts> counts(static_cast<std::size_t>(classes));
#pragma omp parallel if (reference.count() > 1 << 16)
  {
    Table mine = {};
#pragma omp for schedule(static) nowait
    for (std::int64_t z = 0; z < reference.size.z; ++z)
      countRuns(reference, prediction, z * plane, (z + 1) * plane, mine);
#pragma omp critical(rind_metrics_overlap_counts)
    for (std::size_t j = 0; j < counts.size(); ++j) {
      counts[j].reference += mine[j].reference;
      counts[j].prediction += mine[j].prediction;
      counts[j].both += mine[j].both;
    }
  }
  return counts;
}

}  // namespace rind::metrics
