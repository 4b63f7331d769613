// Compiled with a CUDA toolkit's headers. Of LibTorch's GPU half only virtual functions are called, so it
// need not be there to link.
#include "rind/training/cuda/step_graph.h"

#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <cuda_runtime_api.h>

#include <atomic>
#include <exception>
#include <stdexcept>
#include <string>

namespace rind::training {
namespace {

using c10::cuda::CUDACachingAllocator::CUDAAllocator;

CUDAAllocator& allocator() {
  return static_cast<CUDAAllocator&>(*c10::getDeviceAllocator(c10::kCUDA));
}

c10::Stream streamOf(const c10::Device& device) {
  return c10::impl::VirtualGuardImpl(c10::kCUDA).getStream(device);
}

cudaStream_t handleOf(const c10::Stream& stream) {
  return static_cast<cudaStream_t>(c10::impl::VirtualGuardImpl(c10::kCUDA).getStreamNativeHandle(stream));
}

void expectDone(cudaError_t error, const char* what) {
  if (error != cudaSuccess)
    throw std::runtime_error(std::string("a CUDA graph could not be ") + what + ": " +
                             cudaGetErrorString(error));
}

/// Large numbers of the second kind, which LibTorch gives to pools that it was asked for, from 1 on.
c10::MempoolId_t newPool() {
  static std::atomic<c10::CaptureId_t> last{c10::CaptureId_t{1} << 48};
  return {0, ++last};
}

}  // namespace

struct StepGraph::Recording {
  c10::Device device;
  c10::MempoolId_t pool;
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t executable = nullptr;

  Recording(const c10::Device& on, const c10::MempoolId_t& memory) : device(on), pool(memory) {}
  ~Recording() {
    if (executable != nullptr) cudaGraphExecDestroy(executable);
    if (graph != nullptr) cudaGraphDestroy(graph);
    allocator().releasePool(device.index(), pool);
  }
};

bool StepGraph::canRecord(const c10::Device& device) {
  return device.is_cuda() && handleOf(streamOf(device)) != nullptr;
}

StepGraph::StepGraph(const c10::Device& device, const std::function<void()>& work) {
  expectDone(cudaSetDevice(device.index()), "begun");
  const cudaStream_t stream = handleOf(streamOf(device));
  const c10::MempoolId_t pool = newPool();
  allocator().beginAllocateToPool(device.index(), pool,
                                  [stream](cudaStream_t other) { return other == stream; });
  recording_ = std::make_unique<Recording>(device, pool);
  std::exception_ptr failed;
  // Other threads go on with what they do on the GPU (relaxed): patches are pinned while this records.
  const cudaError_t begun = cudaStreamBeginCapture(stream, cudaStreamCaptureModeRelaxed);
  if (begun == cudaSuccess) {
    try {
      work();
    } catch (...) {
      failed = std::current_exception();
    }
  }
  const cudaError_t ended =
      begun == cudaSuccess ? cudaStreamEndCapture(stream, &recording_->graph) : cudaSuccess;
  allocator().endAllocateToPool(device.index(), pool);
  if (begun != cudaSuccess || ended != cudaSuccess || failed) cudaGetLastError();  // it is told below
  if (failed) std::rethrow_exception(failed);
  expectDone(begun, "begun");
  expectDone(ended, "recorded");
  expectDone(cudaGraphInstantiate(&recording_->executable, recording_->graph, 0), "made ready");
}

StepGraph::~StepGraph() = default;

void StepGraph::launch() {
  expectDone(cudaGraphLaunch(recording_->executable, handleOf(streamOf(recording_->device))), "launched");
}

}  // namespace rind::training
