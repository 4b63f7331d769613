#include "rind/inference/slab.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cstring>

namespace rind::inference {
namespace {

/// One slice of `plane` voxels; classes lie `stride` floats apart.
void largestOfSlice(const float* sums, std::int64_t classes, std::int64_t stride, std::int64_t plane,
                    std::uint8_t* labels) {
  std::vector<float> best(sums, sums + plane);
  std::memset(labels, 0, static_cast<std::size_t>(plane));
  for (std::int64_t c = 1; c < classes; ++c) {
    const float* values = sums + c * stride;
    for (std::int64_t i = 0; i < plane; ++i) {
      const bool larger = values[i] > best[static_cast<std::size_t>(i)];
      best[static_cast<std::size_t>(i)] = larger ? values[i] : best[static_cast<std::size_t>(i)];
      labels[i] = larger ? static_cast<std::uint8_t>(c) : labels[i];
    }
  }
}

void advanceTensor(at::Tensor& tensor, std::int64_t slices) {
  const auto plane = static_cast<std::size_t>(tensor.size(2) * tensor.size(3));
  const auto depth = static_cast<std::size_t>(tensor.size(1));
  const auto gone = static_cast<std::size_t>(slices);
  for (std::int64_t c = 0; c < tensor.size(0); ++c) {
    float* first = tensor.data_ptr<float>() + static_cast<std::size_t>(c) * depth * plane;
    std::memmove(first, first + gone * plane, (depth - gone) * plane * sizeof(float));
    std::memset(first + (depth - gone) * plane, 0, gone * plane * sizeof(float));
  }
}

}  // namespace

Slab::Slab(int classes, const core::Extent3& size, bool with_weights)
    : sums_(at::zeros({classes, size.z, size.y, size.x}, at::kFloat)) {
  if (with_weights) weights_ = at::zeros({1, size.z, size.y, size.x}, at::kFloat);
}

void Slab::add(const at::Tensor& logits, const at::Tensor& importance, std::int64_t y, std::int64_t x) {
  const auto here = [&](const at::Tensor& whole) {
    return whole.narrow(2, y, importance.size(1)).narrow(3, x, importance.size(2));
  };
  here(sums_).addcmul_(logits, importance);
  if (weights_.defined()) here(weights_).add_(importance);
}

void Slab::writeLargest(std::int64_t slices, std::uint8_t* labels) const {
  const std::int64_t plane = sums_.size(2) * sums_.size(3);
  const std::int64_t stride = sums_.size(1) * plane;
  const float* sums = sums_.const_data_ptr<float>();
  at::parallel_for(0, slices, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t z = begin; z < end; ++z)
      largestOfSlice(sums + z * plane, sums_.size(0), stride, plane, labels + z * plane);
  });
}

at::Tensor Slab::probabilities(std::int64_t slices) const {
  return at::softmax(sums_.narrow(1, 0, slices) / weights_.narrow(1, 0, slices), 0);
}

void Slab::advance(std::int64_t slices) {
  advanceTensor(sums_, slices);
  if (weights_.defined()) advanceTensor(weights_, slices);
}

}  // namespace rind::inference
