#pragma once

#include "rind/losses/losses.h"
#include "rind/losses/region_sums.h"

namespace rind::losses {

/// Whether the fused kernels take these logits: on the CPU, float32 or bfloat16, contiguous or channels-last.
bool fusedTakes(const at::Tensor& logits);

/// The region sums in one pass over the logits, no temporary of their size. The order of summation depends on
/// the shape alone, not on the number of threads. Throws core::InputError: labels ≥ C, logits that are not
/// finite.
RegionSums fusedSums(const at::Tensor& logits, const Target& target, bool weighted);

/// dL/dlogits in one more pass: reads the logits and writes the gradient once.
at::Tensor fusedGradient(const at::Tensor& logits, const Target& target, bool weighted,
                         const std::vector<ClassCoefficients>& coefficients);

}  // namespace rind::losses
