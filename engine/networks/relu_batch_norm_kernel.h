#pragma once

#include <cstdint>

namespace rind::networks {

/// A part of an activation whose channels lie side by side (channels last): `count` numbers from a voxel's
/// first channel on, float32 or bfloat16 (its 16 bits). `count` is a multiple of `channels`.
struct ChannelsLastRun {
  const void* values = nullptr;
  std::int64_t count = 0;
  std::int64_t channels = 1;
  bool bfloat16 = false;
};

/// Whether the functions below are there (Highway was found); they are not to be called where not.
bool reluBatchNormIsBuilt();

/// Adds Σ r and Σ r² of r = max(x, 0), by channel, to sums[0..channels) and sums[channels..2·channels).
void addReluMoments(const ChannelsLastRun& x, double* sums);

/// y = scale_c·max(x, 0) + shift_c, in x's type; y may be x. `past_caches`: y is too large to be found in
/// them later.
void writeReluAffine(const ChannelsLastRun& x, const float* scale, const float* shift, bool past_caches,
                     void* y);

/// Adds Σ g and Σ g·max(x, 0), by channel; g has x's type and layout.
void addReluGradientMoments(const ChannelsLastRun& x, const void* g, double* sums);

/// dx = gradient_c·g + activation_c·x + constant_c where x > 0, 0 elsewhere.
struct GradientCoefficients {
  const float* gradient;
  const float* activation;
  const float* constant;
};
void writeReluGradient(const ChannelsLastRun& x, const void* g, const GradientCoefficients& coefficients,
                       bool past_caches, void* dx);

}  // namespace rind::networks
