#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>

namespace rind::networks {

/// While one lives, networks that run on this thread ask `wanted` at every convolution, forwards and
/// backwards, and throw core::Interrupted where it says true: a step of many seconds ends within one layer.
class Interruption {
 public:
  explicit Interruption(std::function<bool()> wanted);
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

 private:
  std::shared_ptr<const std::function<bool()>> before_;
};

/// Asks, and has the backward pass ask when it comes to `x`.
void askForInterruption(const at::Tensor& x);

}  // namespace rind::networks
