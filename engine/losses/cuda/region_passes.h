#pragma once

#include "rind/losses/losses.h"
#include "rind/losses/region_sums.h"

namespace rind::losses::cuda {

/// Whether the CUDA kernels take these logits: they are built, the tensor is on a GPU, in float32, float16 or
/// bfloat16, contiguous or channels-last, of at most kMostClasses, and the kernels agreed with plain LibTorch
/// calls on a small case when they were first asked (where they do not, a warning says so and LibTorch
/// computes).
bool takes(const at::Tensor& logits);

/// As fusedSums and fusedGradient; the sums are the one thing that is copied to the host.
RegionSums sums(const at::Tensor& logits, const Target& target, bool weighted, const at::Tensor& gradient);
void gradient(const at::Tensor& logits, const Target& target, bool weighted,
              const std::vector<ClassCoefficients>& coefficients, const at::Tensor& gradient);

}  // namespace rind::losses::cuda
