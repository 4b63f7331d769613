#pragma once

#include "rind/losses/losses.h"

namespace rind::losses {

/// Throws core::InputError where shapes or types of logits and target do not fit each other.
void checkShapes(const at::Tensor& logits, const Target& target, bool needs_weight);

/// Throws core::InputError naming the first voxel whose label is `classes` or more, if there is one.
void refuseLabelsBeyond(const at::Tensor& labels, std::int64_t classes);

/// Throws core::InputError naming the first voxel whose logits are NaN or infinite, if there is one.
void refuseNotFinite(const at::Tensor& logits);

/// Whether [B, C, D, H, W] lies channels last and not contiguously too (as one channel or one voxel does
/// both).
bool isChannelsLast(const at::Tensor& logits);

}  // namespace rind::losses
