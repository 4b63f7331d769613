#pragma once

#include <c10/core/Device.h>

#include <functional>
#include <memory>

namespace rind::training {

/// What a GPU's stream was given once, to be given to it again in one call (a CUDA graph): the host then
/// needs microseconds for a step of hundreds of kernels. Built where a CUDA toolkit is; LibTorch's GPU half
/// is met at run time.
class StepGraph {
 public:
  /// Whether this program can record: it was built with a CUDA toolkit, and the current stream of `device` is
  /// not the default one, which CUDA does not record.
  static bool canRecord(const c10::Device& device);

  /// Records what `work` gives the current stream; nothing is computed. Tensors that `work` makes live in the
  /// graph's own memory and hold what the last launch left there. Throws std::runtime_error where CUDA
  /// refuses, and what `work` throws.
  StepGraph(const c10::Device& device, const std::function<void()>& work);
  /// Once the device has passed the last launch and the tensors are gone.
  ~StepGraph();
  StepGraph(const StepGraph&) = delete;
  StepGraph& operator=(const StepGraph&) = delete;

  /// On the current stream of the device.
  void launch();

 private:
  struct Recording;
  std::unique_ptr<Recording> recording_;
};

}  // namespace rind::training
