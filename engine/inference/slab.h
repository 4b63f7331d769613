#pragma once

#include <ATen/core/Tensor.h>

#include "rind/core/volume.h"

namespace rind::inference {

/// The weighted sums of logits over as many slices as a window is deep. Slices that no later window reaches
/// are taken out in front, so a volume's logits are never held whole.
class Slab {
 public:
  /// `with_weights`: also the sum of weights, which probabilities need (the largest class does not).
  Slab(int classes, const core::Extent3& size, bool with_weights);

  /// Adds importance·logits [classes, z, y, x] (float32 or bfloat16, best channels last) at slice 0 of the
  /// slab and (y, x) in the plane.
  void add(const at::Tensor& logits, const at::Tensor& importance, std::int64_t y, std::int64_t x);

  /// The class with the largest sum (the first among equals) in the first `slices`, written to `labels`.
  void writeLargest(std::int64_t slices, std::uint8_t* labels) const;

  /// Softmax of the averaged logits of the first `slices`, f32 [classes, slices, y, x].
  at::Tensor probabilities(std::int64_t slices) const;

  /// Moves on by `slices`: they leave in front, empty ones come in behind.
  void advance(std::int64_t slices);

 private:
  at::Tensor sums_;     // f32 [z, y, x, classes]
  at::Tensor weights_;  // f32 [z, y, x], or undefined
};

}  // namespace rind::inference
