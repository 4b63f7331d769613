// Stands in for the kernels where Highway is missing (a GPU server): there LibTorch's own calls compute.
#include <stdexcept>

#include "rind/networks/relu_batch_norm_kernel.h"

namespace rind::networks {
namespace {

[[noreturn]] void missing() {
  throw std::logic_error("the kernels of the networks were not built");
}

}  // namespace

bool reluBatchNormIsBuilt() {
  return false;
}

void addReluMoments(const ChannelsLastRun&, double*) {
  missing();
}

void addReluGradientMoments(const ChannelsLastRun&, const void*, double*) {
  missing();
}

void writeReluAffine(const ChannelsLastRun&, const float*, const float*, bool, void*) {
  missing();
}

void writeReluGradient(const ChannelsLastRun&, const void*, const GradientCoefficients&, bool, void*) {
  missing();
}

}  // namespace rind::networks
