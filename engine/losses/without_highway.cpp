// Stands in for the kernels where Highway is missing (a GPU server): there every loss runs in plain LibTorch
// calls.
#include <algorithm>
#include <stdexcept>

#include "rind/losses/distance_kernel.h"
#include "rind/losses/region_kernels.h"

namespace rind::losses {

bool kernelsAreBuilt() {
  return false;
}

void addRegionSums(const KernelInput&, const BlockRange&, float*, RangeSums&) {
  throw std::logic_error("the kernels of the losses were not built");
}

void writeGradient(const KernelInput&, const BlockRange&, float*, const GradientTables&) {
  throw std::logic_error("the kernels of the losses were not built");
}

void squaredDistanceAlong(const AxisPass& pass, const SquaredDistance* input, SquaredDistance* output) {
  for (std::int64_t k = 0; k < pass.output_rows; ++k) {
    SquaredDistance* const least = output + k * pass.output_stride;
    std::fill(least, least + pass.width, kFar);
    const std::int64_t first = std::max<std::int64_t>(0, k - pass.shift - pass.reach);
    const std::int64_t last = std::min(pass.input_rows, k - pass.shift + pass.reach + 1);
    for (std::int64_t q = first; q < last; ++q) {
      const SquaredDistance* const row = input + q * pass.input_stride;
      const auto away = static_cast<SquaredDistance>((k - pass.shift - q) * (k - pass.shift - q));
      for (std::int64_t x = 0; x < pass.width; ++x) least[x] = std::min(least[x], row[x] + away);
    }
  }
}

}  // namespace rind::losses
