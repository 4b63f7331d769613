#include "rind/losses/cuda/region_kernels.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

#include <algorithm>

namespace rind::losses::cuda {
namespace {

constexpr std::int64_t kMostBlocks = 2048;

template <class Logit>
__global__ void sumTiles(Input<Logit> in, double* partial, int* faults) {
  extern __shared__ float elsewhere[];
  __shared__ Tile tile;
  const int thread = static_cast<int>(threadIdx.x), classes = in.layout.classes;
  if (thread == 0) tile.elsewhere = elsewhere;
  for (int c = 0; c < classes; ++c) elsewhere[c * kThreads + thread] = 0;
  double sums[kSumsPerRegion] = {};
  for (std::int64_t first = static_cast<std::int64_t>(blockIdx.x) * kThreads; first < in.layout.count();
       first += static_cast<std::int64_t>(gridDim.x) * kThreads) {
    __syncthreads();
    const int fault = measureVoxel(in, first + thread, thread, tile);
    if (fault != kNone) atomicOr(faults, fault);
    __syncthreads();
    if (thread < 2 * classes) addTile(tile, thread, sums);
  }
  __syncthreads();
  double* const row = partial + static_cast<std::int64_t>(blockIdx.x) * kSumsPerClass * classes;
  if (thread < classes) {
    double sum = 0;
    for (int i = 0; i < kThreads; ++i) sum += elsewhere[thread * kThreads + i];
    row[thread] = sum;
  }
  if (thread < 2 * classes)
    for (int k = 0; k < kSumsPerRegion; ++k) row[classes + kSumsPerRegion * thread + k] = sums[k];
}

/// A block of threads for each column: every thread adds each kThreads-th row, then halves are added to
/// halves.
__global__ void sumBlocks(const double* partial, std::int64_t rows, double* sums) {
  __shared__ double part[kThreads];
  const int thread = static_cast<int>(threadIdx.x);
  double sum = 0;
  for (std::int64_t row = thread; row < rows; row += kThreads) sum += partial[row * gridDim.x + blockIdx.x];
  part[thread] = sum;
  for (int half = kThreads / 2; half > 0; half /= 2) {
    __syncthreads();
    if (thread < half) part[thread] += part[thread + half];
  }
  if (thread == 0) sums[blockIdx.x] = part[0];
}

template <class Logit>
__global__ void writeVoxels(Input<Logit> in, GradientTables tables, Logit* gradient) {
  const std::int64_t voxel = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (voxel < in.layout.count()) writeVoxel(in, voxel, tables, gradient);
}

template <class Logit>
Input<Logit> inputOf(const Problem& problem) {
  return {problem.layout, static_cast<const Logit*>(problem.logits), problem.labels, problem.band,
          problem.weight};
}

/// Calls work(Logit()) for the type of the logits on their device, and returns what CUDA says of it.
template <class Work>
std::string onDevice(const Problem& problem, const Work& work) {
  if (const cudaError_t error = cudaSetDevice(problem.device); error != cudaSuccess)
    return cudaGetErrorString(error);
  switch (problem.type) {
    case LogitType::float32:
      work(float());
      break;
    case LogitType::float16:
      work(__half());
      break;
    case LogitType::bfloat16:
      work(__nv_bfloat16());
      break;
  }
  const cudaError_t error = cudaGetLastError();
  return error == cudaSuccess ? "" : cudaGetErrorString(error);
}

unsigned tilesOf(const Layout& layout) {
  return static_cast<unsigned>((layout.count() + kThreads - 1) / kThreads);
}

}  // namespace

bool kernelsAreBuilt() {
  return true;
}

std::int64_t blocksFor(const Layout& layout) {
  return std::min<std::int64_t>(tilesOf(layout), kMostBlocks);
}

std::string regionSums(const Problem& problem, double* partial, double* sums, int* faults) {
  return onDevice(problem, [&](auto logit) {
    auto* const stream = static_cast<cudaStream_t>(problem.stream);
    const auto blocks = static_cast<unsigned>(blocksFor(problem.layout));
    const auto columns = static_cast<unsigned>(kSumsPerClass * problem.layout.classes);
    const std::size_t shared = sizeof(float) * kThreads * static_cast<std::size_t>(problem.layout.classes);
    sumTiles<<<blocks, kThreads, shared, stream>>>(inputOf<decltype(logit)>(problem), partial, faults);
    sumBlocks<<<columns, kThreads, 0, stream>>>(partial, blocks, sums);
  });
}

std::string throughHost(const Problem& problem, const Passage& passage) {
  auto* const stream = static_cast<cudaStream_t>(problem.stream);
  cudaError_t error = cudaSetDevice(problem.device);
  const auto next = [&error](const auto& call) {
    if (error == cudaSuccess) error = call();
  };
  next([&] {
    return cudaMemcpyAsync(passage.sums_on_host, passage.sums, passage.sum_count * sizeof(double),
                           cudaMemcpyDeviceToHost, stream);
  });
  next([&] { return cudaLaunchHostFunc(stream, passage.work, passage.context); });
  next([&] {
    return cudaMemcpyAsync(passage.table, passage.table_on_host, passage.table_count * sizeof(float),
                           cudaMemcpyHostToDevice, stream);
  });
  return error == cudaSuccess ? "" : cudaGetErrorString(error);
}

std::string gradient(const Problem& problem, const GradientTables& tables, void* gradient) {
  return onDevice(problem, [&](auto logit) {
    using Logit = decltype(logit);
    writeVoxels<<<tilesOf(problem.layout), kThreads, 0, static_cast<cudaStream_t>(problem.stream)>>>(
        inputOf<Logit>(problem), tables, static_cast<Logit*>(gradient));
  });
}

}  // namespace rind::losses::cuda
