#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "rind/core/geometry.h"

namespace rind::inference {

/// Where windows start along one axis: steps of ⌊window·(1 − overlap)⌋ (at least 1), the last moved back to
/// end with the image. `extent` ≥ `window`.
std::vector<std::int64_t> windowStarts(std::int64_t extent, std::int64_t window, double overlap);

/// Gaussian importance of a window, f32 [z, y, x]: exp(−d²/(2σ²)) with d from the centre and σ = window/8
/// along each axis, at least 1e-3.
at::Tensor gaussianImportance(const core::Extent3& window);

}  // namespace rind::inference
