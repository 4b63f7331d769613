#include "rind/inference/slab.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cstring>

namespace rind::inference {
namespace {

float toFloat(float value) {
  return value;
}
float toFloat(c10::BFloat16 value) {
  return c10::detail::f32_from_bits(value.x);
}

/// sums += weight·logits over a row of voxels, all classes of a voxel side by side.
template <class T>
void addRow(const T* logits, const float* weights, std::int64_t voxels, std::int64_t classes, float* sums) {
  for (std::int64_t x = 0; x < voxels; ++x, logits += classes, sums += classes)
    for (std::int64_t c = 0; c < classes; ++c) sums[c] += weights[x] * toFloat(logits[c]);
}

/// The first of the largest of each voxel's sums.
void largestOfRow(const float* sums, std::int64_t voxels, std::int64_t classes, std::uint8_t* labels) {
  for (std::int64_t x = 0; x < voxels; ++x, sums += classes) {
    float best = sums[0];
    std::int64_t label = 0;
    for (std::int64_t c = 1; c < classes; ++c) {
      const bool larger = sums[c] > best;
      best = larger ? sums[c] : best;
      label = larger ? c : label;
    }
    labels[x] = static_cast<std::uint8_t>(label);
  }
}

void advanceTensor(at::Tensor& tensor, std::int64_t slices) {
  auto* const first = static_cast<char*>(tensor.mutable_data_ptr());
  const auto all = tensor.nbytes();
  const auto gone = all / static_cast<std::size_t>(tensor.size(0)) * static_cast<std::size_t>(slices);
  std::memmove(first, first + gone, all - gone);
  std::memset(first + (all - gone), 0, gone);
}

}  // namespace

Slab::Slab(int classes, const core::Extent3& size, bool with_weights)
    : sums_(at::zeros({size.z, size.y, size.x, classes}, at::kFloat)) {
  if (with_weights) weights_ = at::zeros({size.z, size.y, size.x}, at::kFloat);
}

void Slab::add(const at::Tensor& logits, const at::Tensor& importance, std::int64_t y, std::int64_t x) {
  const bool half = logits.scalar_type() == at::kBFloat16;
  const at::Tensor from = (half ? logits : logits.to(at::kFloat)).permute({1, 2, 3, 0}).contiguous();
  const at::Tensor weights = importance.contiguous();
  const std::int64_t rows = from.size(1), voxels = from.size(2), classes = from.size(3);
  float* const sums = sums_.mutable_data_ptr<float>();
  at::parallel_for(0, from.size(0) * rows, 8, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const std::int64_t z = row / rows, to_y = y + row % rows;
      float* const to = sums + ((z * sums_.size(1) + to_y) * sums_.size(2) + x) * classes;
      const float* const weight = weights.const_data_ptr<float>() + row * voxels;
      if (half)
        addRow(from.const_data_ptr<c10::BFloat16>() + row * voxels * classes, weight, voxels, classes, to);
      else
        addRow(from.const_data_ptr<float>() + row * voxels * classes, weight, voxels, classes, to);
    }
  });
  if (weights_.defined()) weights_.narrow(1, y, rows).narrow(2, x, voxels).add_(importance);
}

void Slab::writeLargest(std::int64_t slices, std::uint8_t* labels) const {
  const std::int64_t voxels = sums_.size(2), classes = sums_.size(3);
  const float* const sums = sums_.const_data_ptr<float>();
  at::parallel_for(0, slices * sums_.size(1), 8, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row)
      largestOfRow(sums + row * voxels * classes, voxels, classes, labels + row * voxels);
  });
}

at::Tensor Slab::probabilities(std::int64_t slices) const {
  const at::Tensor mean = sums_.narrow(0, 0, slices) / weights_.narrow(0, 0, slices).unsqueeze(3);
  return at::softmax(mean, 3).permute({3, 0, 1, 2});
}

void Slab::advance(std::int64_t slices) {
  advanceTensor(sums_, slices);
  if (weights_.defined()) advanceTensor(weights_, slices);
}

}  // namespace rind::inference
