#include "rind/training/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <dlfcn.h>

#include "rind/core/error.h"

namespace rind::training {
namespace {

int gpuCount() {
  // Registers the CUDA back end; without the file, or without a GPU, there are none and nothing happens.
  static const bool loaded = ::dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) != nullptr;
  if (!loaded || !at::hasCUDA()) return 0;
  return static_cast<int>(at::detail::getCUDAHooks().deviceCount());
}

bool processorHasBf16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

c10::Device chooseDevice(const std::string& wanted) {
  if (wanted == "cpu") return c10::Device(c10::kCPU);
  const int count = gpuCount();
  if (wanted == "auto") return count > 0 ? c10::Device(c10::kCUDA, 0) : c10::Device(c10::kCPU);
  const int index = wanted.size() > 5 ? std::stoi(wanted.substr(5, 4)) : 0;
  if (index < count) return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(index));
  throw core::InputError("--device",
                         "there is no GPU " + wanted + " here (" + std::to_string(count) + " found)",
                         "use auto or cpu, or fetch LibTorch's GPU half with tools/fetch-libtorch --cuda");
}

}  // namespace

Compute chooseCompute(const std::string& device, const std::string& precision) {
  Compute compute;
  compute.device = chooseDevice(device);
  // cuDNN tries its algorithms once for each shape; patches and windows have few.
  if (compute.device.is_cuda()) at::globalContext().setBenchmarkCuDNN(true);
  compute.bf16 =
      precision == "bf16" || (precision == "auto" && (compute.device.is_cuda() || processorHasBf16()));
  return compute;
}

std::string describe(const Compute& compute) {
  const std::string where = compute.device.is_cuda()
                                ? "GPU " + std::to_string(compute.device.index())
                                : std::to_string(at::get_num_threads()) + " processor threads";
  return where + ", " + (compute.bf16 ? "bf16" : "fp32");
}

Precision::Precision(const Compute& compute) : type_(compute.device.type()), bf16_(compute.bf16) {
  if (!bf16_) return;
  at::autocast::set_autocast_enabled(type_, true);
  at::autocast::set_autocast_dtype(type_, at::kBFloat16);
}

Precision::~Precision() {
  if (!bf16_) return;
  at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(type_, false);
}

}  // namespace rind::training
