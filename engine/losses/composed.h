#pragma once

#include "rind/losses/losses.h"
#include "rind/losses/region_sums.h"

namespace rind::losses {

/// The region sums in plain LibTorch calls. `weight` may be undefined.
RegionSums composedSums(const at::Tensor& logits, const Target& target, bool weighted);

/// dL/dlogits in plain LibTorch calls.
at::Tensor composedGradient(const at::Tensor& logits, const Target& target, bool weighted,
                            const std::vector<ClassCoefficients>& coefficients);

}  // namespace rind::losses
