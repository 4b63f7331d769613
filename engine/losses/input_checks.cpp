#include "rind/losses/input_checks.h"

#include <ATen/ATen.h>

#include <sstream>

#include "rind/core/error.h"

namespace rind::losses {
namespace {

std::string shapeOf(const at::Tensor& tensor) {
  std::ostringstream text;
  text << '[';
  for (std::int64_t axis = 0; axis < tensor.dim(); ++axis) text << (axis ? ", " : "") << tensor.size(axis);
  text << ']';
  return text.str();
}

/// "voxel (2, 0, 5) of sample 1", from an index [b, z, y, x].
std::string voxelName(const at::Tensor& index) {
  const at::Tensor at = index.to(at::kCPU).contiguous();
  const auto* i = at.const_data_ptr<std::int64_t>();
  std::ostringstream text;
  text << "voxel (z " << i[1] << ", y " << i[2] << ", x " << i[3] << ") of sample " << i[0];
  return text.str();
}

void checkLogits(const at::Tensor& logits) {
  if (logits.dim() != 5)
    throw core::InputError("logits", "their shape is " + shapeOf(logits), "give [B, C, D, H, W]");
  if (logits.size(1) < 2 || logits.size(1) > 256)
    throw core::InputError("logits", "they have " + std::to_string(logits.size(1)) + " classes",
                           "give 2 to 256, background included");
  if (logits.numel() == 0)
    throw core::InputError("logits", "their shape " + shapeOf(logits) + " holds no voxel",
                           "give at least one");
  if (!at::isFloatingType(logits.scalar_type()))
    throw core::InputError("logits", std::string("their type is ") + at::toString(logits.scalar_type()),
                           "give float32, bfloat16 or float64");
}

void checkVoxels(const char* name, const at::Tensor& tensor, const at::Tensor& logits) {
  const bool fits = tensor.defined() && tensor.dim() == 4 && tensor.size(0) == logits.size(0) &&
                    tensor.size(1) == logits.size(2) && tensor.size(2) == logits.size(3) &&
                    tensor.size(3) == logits.size(4);
  if (!fits)
    throw core::InputError(
        name,
        (tensor.defined() ? "the shape " + shapeOf(tensor) : std::string("nothing given")) +
            " does not fit logits " + shapeOf(logits),
        "give [B, D, H, W] with the logits' B, D, H and W");
  if (tensor.device() != logits.device())
    throw core::InputError(name, "they are on another device than the logits", "move them there first");
}

void checkBytes(const char* name, const at::Tensor& tensor) {
  if (tensor.scalar_type() != at::kByte)
    throw core::InputError(name, std::string("their type is ") + at::toString(tensor.scalar_type()),
                           "give uint8");
}

}  // namespace

void checkShapes(const at::Tensor& logits, const Target& target, bool needs_weight) {
  checkLogits(logits);
  checkVoxels("labels", target.labels, logits);
  checkVoxels("band", target.band, logits);
  checkBytes("labels", target.labels);
  checkBytes("band", target.band);
  if (!needs_weight) return;
  checkVoxels("weight", target.weight, logits);
  if (!at::isFloatingType(target.weight.scalar_type()))
    throw core::InputError("weight",
                           std::string("their type is ") + at::toString(target.weight.scalar_type()),
                           "give float32 or float64");
}

void refuseLabelsBeyond(const at::Tensor& labels, std::int64_t classes) {
  if (classes > 255 || labels.max().item<std::int64_t>() < classes) return;
  const at::Tensor first = at::nonzero(labels.ge(classes))[0];
  const auto value = labels.index({first[0], first[1], first[2], first[3]}).item<std::int64_t>();
  throw core::InputError("labels",
                         "label " + std::to_string(value) + " at " + voxelName(first) + ", but there are " +
                             std::to_string(classes) + " classes",
                         "labels have to be 0 to " + std::to_string(classes - 1));
}

void refuseNotFinite(const at::Tensor& logits) {
  const at::Tensor bad = at::isfinite(logits).logical_not_();
  if (!bad.any().item<bool>()) return;
  const at::Tensor first = at::nonzero(bad.any(1))[0];
  throw core::InputError("logits", "NaN or infinity at " + voxelName(first),
                         "lower the learning rate, or look for such values in the image");
}

bool isChannelsLast(const at::Tensor& logits) {
  return !logits.is_contiguous() && logits.is_contiguous(at::MemoryFormat::ChannelsLast3d);
}

}  // namespace rind::losses
