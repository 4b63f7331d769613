#pragma once

#include <span>

#include "rind/core/random.h"

namespace rind::sampling {

/// Makes one channel of a patch look as if another scanner had taken it; each with this probability: contrast
/// by 0.75 to 1.25 about the mean, brightness by a normal number of 0.1 standard deviations, gamma of 0.7 to
/// 1/0.7 between the least and the greatest value, normal noise of up to 0.15 standard deviations. What is
/// the same everywhere stays as it is.
void changeIntensity(std::span<float> channel, double probability, core::RandomStream& random);

}  // namespace rind::sampling
