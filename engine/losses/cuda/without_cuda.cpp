// Stands in for the CUDA kernels where there is no toolkit to compile them.
#include <stdexcept>

#include "rind/losses/cuda/region_kernels.h"

namespace rind::losses::cuda {

bool kernelsAreBuilt() {
  return false;
}

std::int64_t blocksFor(const Layout&) {
  return 0;
}

std::string regionSums(const Problem&, double*, double*, int*) {
  throw std::logic_error("the CUDA kernels of the losses were not built");
}

std::string throughHost(const Problem&, const Passage&) {
  throw std::logic_error("the CUDA kernels of the losses were not built");
}

std::string gradient(const Problem&, const GradientTables&, void*) {
  throw std::logic_error("the CUDA kernels of the losses were not built");
}

}  // namespace rind::losses::cuda
