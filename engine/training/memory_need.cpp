#include "rind/training/memory_need.h"

#include <c10/util/Exception.h>

#include <new>

#include "rind/core/memory.h"
#include "rind/core/text.h"
#include "rind/networks/network.h"

namespace rind::training {
namespace {

int smallestFactor(int number) {
  for (int factor = 2; factor * factor <= number; ++factor)
    if (number % factor == 0) return factor;
  return number;
}

core::Extent3 halvedPatch(const std::string& network, const core::Extent3& patch) {
  core::Extent3 half = patch;
  auto longest = &core::Extent3::z;
  for (const auto axis : {&core::Extent3::y, &core::Extent3::x})
    if (half.*axis > half.*longest) longest = axis;
  const std::int64_t divisor = networks::networkInfo(network).divisor;
  half.*longest = std::max(divisor, half.*longest / 2 / divisor * divisor);
  return networks::fittingPatch(network, half);
}

std::string smallerStepAsOptions(const core::RunConfig& config, const core::Extent3& patch) {
  std::string options;
  const nlohmann::json smaller = smallerStep(config, patch);
  for (const auto& [key, value] : smaller.items()) options += " --" + key + " " + core::textOf(value);
  return options.empty() ? "use fewer --base-channels" : "use" + options;
}

}  // namespace

std::string messageOf(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& known) {
    const std::string text = known.what();
    return text.substr(0, text.find('\n'));
  } catch (...) {
    return "an error without a message";
  }
}

bool isOutOfMemory(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::bad_alloc&) {
    return true;
  } catch (const c10::OutOfMemoryError&) {
    return true;
  } catch (const std::exception& other) {
    // LibTorch's allocator for the processor, oneDNN's, cuBLAS's and cuDNN's have no type of their own.
    const std::string text = other.what();
    for (const char* words :
         {"not enough memory", "can't allocate memory", "could not create a memory", "out of memory",
          "bad_alloc", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED"})
      if (text.find(words) != std::string::npos) return true;
  } catch (...) {
  }
  return false;
}

nlohmann::json smallerStep(const core::RunConfig& config, const core::Extent3& patch) {
  if (config.batch > 1) {
    const int parts = smallestFactor(config.batch);
    return {{"batch", config.batch / parts}, {"accumulate", config.accumulate * parts}};
  }
  if (networks::networkInfo(config.network).fixed_patch) return nlohmann::json::object();
  const core::Extent3 half = halvedPatch(config.network, patch);
  if (half == patch) return nlohmann::json::object();
  return {{"patch", core::toString(half)}};
}

std::string memoryAdvice(const core::RunConfig& config, const core::Extent3& patch) {
  return "memory: there is not enough for a step of " + std::to_string(config.batch) + " patches of " +
         core::toString(patch) + " voxels; " + smallerStepAsOptions(config, patch);
}

std::string memoryAdviceForData() {
  return "memory: there is not enough to read the data; close other programs, or choose a coarser --spacing";
}

std::string memoryWarning(const core::RunConfig& config, const core::Extent3& patch, double needed,
                          double left) {
  return "memory: training with " + std::to_string(config.batch) + " patches of " + core::toString(patch) +
         " voxels a step needs about " + core::describeBytes(needed) + " and " + core::describeBytes(left) +
         " are left; it may be ended by the system: " + smallerStepAsOptions(config, patch);
}

}  // namespace rind::training
