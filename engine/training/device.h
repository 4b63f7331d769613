#pragma once

#include <c10/core/Device.h>

#include <string>

namespace rind::training {

/// Where and in which precision a network runs.
struct Compute {
  c10::Device device = c10::Device(c10::kCPU);
  bool bf16 = false;
};

/// From --device and --precision. "auto" takes a GPU where there is one, and bf16 where the device computes
/// in it. Loads the CUDA half of LibTorch on the first question about it. Throws InputError: a GPU that is
/// not there.
Compute chooseCompute(const std::string& device, const std::string& precision);

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
