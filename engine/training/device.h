#pragma once

#include <c10/core/Device.h>

#include <string>

namespace rind::training {

/// Where and in which precision a network runs.
struct Compute {
  c10::Device device = c10::Device(c10::kCPU);
  bool bf16 = false;
  /// A step's numbers are read while the next computes (late_steps.h): so on a GPU.
  bool late = false;
};

/// Loads LibTorch's GPU half, once, where it is there. Returns nothing, or the loader's words for why not.
/// To be called before LibTorch computes anything: at the first convolution it settles whether there are
/// GPUs at all, at the first backward pass how many, and asks neither again.
const std::string& loadGpuHalf();

/// From --device and --precision. "auto" takes a GPU where there is one, and bf16 where the device computes
/// in it (a GPU from Ampere on; older ones have no convolution for it). Loads the GPU half but for "cpu".
/// Throws InputError: a GPU that is not there; logic_error: the GPU half came too late.
Compute chooseCompute(const std::string& device, const std::string& precision);

/// Gives this thread a stream of its own on a GPU, for all that it computes from here on: only such a one can
/// be recorded.
void useOwnStream(const Compute& compute);

/// "2 processor threads, fp32", for the log.
std::string describe(const Compute& compute);

/// bf16 autocast for the current scope, where `compute` says so.
class Precision {
 public:
  explicit Precision(const Compute& compute);
  ~Precision();
  Precision(const Precision&) = delete;
  Precision& operator=(const Precision&) = delete;

 private:
  c10::DeviceType type_;
  bool bf16_;
};

}  // namespace rind::training
