#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "rind/losses/cuda/region_tile.h"

/// The kernels of region_kernels.h for NVIDIA's GPUs, compiled where a CUDA toolkit is. All pointers are the
/// device's.
namespace rind::losses::cuda {

enum class LogitType { float32, float16, bfloat16 };

struct Problem {
  Layout layout;
  LogitType type = LogitType::float32;
  const void* logits = nullptr;
  const std::uint8_t* labels = nullptr;
  const std::uint8_t* band = nullptr;
  const float* weight = nullptr;  // may be null
  int device = 0;
  void* stream = nullptr;  // a cudaStream_t
};

/// Whether this program holds the kernels.
bool kernelsAreBuilt();

/// Blocks of threads that regionSums starts.
std::int64_t blocksFor(const Layout& layout);

/// Sums over all voxels to sums[kSumsPerClass · classes]: elsewhere by class, then kSumsPerRegion by region.
/// `partial`: scratch of blocksFor × as many. `faults`: one int, 0 before. The order of summation depends on
/// the shape alone. Returns what CUDA says went wrong, or nothing.
std::string regionSums(const Problem& problem, double* partial, double* sums, int* faults);

/// A way through the host in the stream's order: the sums go to page-locked memory, a thread of the driver's
/// calls work(context), which may not use CUDA, and the table that it leaves in page-locked memory goes back.
struct Passage {
  const double* sums = nullptr;
  double* sums_on_host = nullptr;
  std::size_t sum_count = 0;
  void (*work)(void*) = nullptr;
  void* context = nullptr;
  const float* table_on_host = nullptr;
  float* table = nullptr;
  std::size_t table_count = 0;
};
std::string throughHost(const Problem& problem, const Passage& passage);

/// Writes the gradient, which has the logits' layout and type; 0 at labels beyond the classes.
std::string gradient(const Problem& problem, const GradientTables& tables, void* gradient);

}  // namespace rind::losses::cuda
