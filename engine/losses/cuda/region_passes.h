#pragma once

#include <cstdint>

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

/// Sums and gradient one behind the other, with the host between them, but without waiting for anything.
/// `sums`: page-locked f64 [sumCount]; `work` reads them there (readSums) and fills `table`: page-locked f32,
/// tableValues and whatever else is to come to the device with them. Both have to stay where they are until
/// the device has passed. Returns the table as it will be on the device.
struct HostDesk {
  at::Tensor sums, table;
  void (*work)(void*) = nullptr;
  void* context = nullptr;
};
at::Tensor sumsThenGradient(const at::Tensor& logits, const Target& target, bool weighted,
                            const HostDesk& desk, const at::Tensor& gradient);

/// Values that sumsThenGradient brings to the host for so many classes.
std::int64_t sumCount(std::int64_t classes);

struct HostSums {
  RegionSums sums;
  int faults = 0;  // of Fault in region_tile.h
};
HostSums readSums(const double* values, std::int64_t classes);

}  // namespace rind::losses::cuda
