#pragma once

#include <c10/core/Device.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "rind/losses/losses.h"

namespace rind::losses {

/// A loss that the host does not wait for. The region sums go to the host in the order of the device's own
/// work, where a thread of its driver makes the loss's coefficients of them; those go back for the gradient,
/// and who asked reads the report later. May be recorded into a graph of the device's work: each replay
/// evaluates with what `expect` was given for it. On the CPU all is done at once, so that tests need no GPU.
class LateLoss {
 public:
  /// Of logits of so many classes on the device.
  LateLoss(const c10::Device& device, std::int64_t classes);
  /// Not before the device is done with it.
  ~LateLoss();
  LateLoss(const LateLoss&) = delete;
  LateLoss& operator=(const LateLoss&) = delete;

  /// Whether the fused kernels, which this needs, run on the device for so many classes.
  static bool possible(const c10::Device& device, std::int64_t classes);

  /// The settings of the next evaluation that the device comes to; one call for each. Throws
  /// core::InputError: settings outside their range.
  void expect(const core::LossSettings& settings, bool include_background);

  struct Enqueued {
    at::Tensor gradient;  // dL/dlogits, as Evaluation's
    at::Tensor fault;     // f32 [1] on the device: 1 where there is no finite loss, else 0
  };
  /// Logits in float32 or bfloat16, on the device's current stream. Target::weight is to be there for a loss
  /// that needs it, and for no other. Throws core::InputError for shapes and types, as evaluate.
  Enqueued evaluate(const at::Tensor& logits, const Target& target);

  /// The report of the oldest evaluation that was not yet taken, once the device has passed it. NaN in total
  /// and no class where the logits were not finite. Throws core::InputError: labels ≥ C.
  LossReport take();

  /// Forgets what is still expected, and all reports that were not taken but the oldest `kept`, once the
  /// device is idle.
  void forget(std::size_t kept);

 private:
  struct Desk;
  std::unique_ptr<Desk> desk_;
};

}  // namespace rind::losses
