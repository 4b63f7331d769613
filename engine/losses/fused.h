#pragma once

#include "rind/losses/losses.h"
#include "rind/losses/region_sums.h"

namespace rind::losses {

/// Whether the fused kernels take these logits: on the CPU, float32 or bfloat16, contiguous or channels-last.
bool fusedTakes(const at::Tensor& logits);

/// The region sums in one pass over the logits, no temporary of their size. The order of summation depends on
/// the shape alone, not on the number of threads. `gradient`: the tensor for fusedGradient, which is left
/// something there; not defined where only sums are wanted. Throws core::InputError: labels ≥ C, logits that
/// are not finite.
RegionSums fusedSums(const at::Tensor& logits, const Target& target, bool weighted,
                     const at::Tensor& gradient);

/// Writes dL/dlogits to `gradient`, which was given to fusedSums, in one more pass.
void fusedGradient(const at::Tensor& logits, const Target& target, bool weighted,
                   const std::vector<ClassCoefficients>& coefficients, const at::Tensor& gradient);

}  // namespace rind::losses
