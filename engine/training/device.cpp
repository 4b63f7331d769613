#include "rind/training/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <dlfcn.h>

#include <stdexcept>

#include "rind/core/error.h"

namespace rind::training {
namespace {

std::string whyGpuHalfIsMissing() {
  if (::dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) != nullptr) return {};
  const char* const why = ::dlerror();
  return why != nullptr ? why : "the loader does not say why";
}

int gpuCount() {
  if (!loadGpuHalf().empty()) return 0;
  const auto& hooks = at::detail::getCUDAHooks();
  if (!hooks.isBuilt()) throw std::logic_error("LibTorch computed before its GPU half was loaded");
  return hooks.deviceCount();
}

bool computesInBf16(const c10::Device& device) {
  if (device.is_cuda()) {
    const c10::DeviceGuard guard(device);  // the question is about the current GPU
    return at::detail::getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8();
  }
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

core::InputError missingGpu(const std::string& wanted, int count) {
  if (const std::string& why = loadGpuHalf(); !why.empty())
    return {"--device", "LibTorch's GPU half could not be loaded (" + why + ")",
            "use auto or cpu, or remove .deps/libtorch and run tools/fetch-libtorch --cuda"};
  return {"--device", "there is no GPU " + wanted + " here (" + std::to_string(count) + " found)",
          "use auto or cpu, or see whether nvidia-smi lists it"};
}

c10::Device chooseDevice(const std::string& wanted) {
  if (wanted == "cpu") return c10::Device(c10::kCPU);
  const int count = gpuCount();
  if (wanted == "auto") return count > 0 ? c10::Device(c10::kCUDA, 0) : c10::Device(c10::kCPU);
  const int index = wanted.size() > 5 ? std::stoi(wanted.substr(5, 4)) : 0;
  if (index < count) return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(index));
  throw missingGpu(wanted, count);
}

}  // namespace

const std::string& loadGpuHalf() {
  static const std::string why = whyGpuHalfIsMissing();
  return why;
}

Compute chooseCompute(const std::string& device, const std::string& precision) {
  Compute compute;
  compute.device = chooseDevice(device);
  // cuDNN tries its algorithms once for each shape; patches and windows have few.
  if (compute.device.is_cuda()) at::globalContext().setBenchmarkCuDNN(true);
  compute.late = compute.device.is_cuda();
  compute.bf16 = precision == "bf16" || (precision == "auto" && computesInBf16(compute.device));
  return compute;
}

void useOwnStream(const Compute& compute) {
  if (compute.device.is_cpu()) return;
  const c10::impl::VirtualGuardImpl gpu(compute.device.type());
  gpu.exchangeStream(gpu.getStreamFromGlobalPool(compute.device));
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
