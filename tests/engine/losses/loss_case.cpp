#include "loss_case.h"

#include <ATen/ATen.h>

#include <cstring>

#include "rind/core/npy.h"
#include "rind/core/random.h"

namespace rind::losses::testing {

LossCase randomCase(const CaseShape& shape, std::uint64_t seed) {
  core::RandomStream random(seed, core::Purpose::phantom, 0, 0);
  LossCase made;
  made.logits =
      at::empty({shape.samples, shape.classes, shape.depth, shape.height, shape.width}, at::kDouble);
  const std::vector<std::int64_t> voxels = {shape.samples, shape.depth, shape.height, shape.width};
  made.target = {at::zeros(voxels, at::kByte), at::zeros(voxels, at::kByte), at::empty(voxels, at::kDouble)};
  auto* const logits = made.logits.mutable_data_ptr<double>();
  for (std::int64_t i = 0; i < made.logits.numel(); ++i) logits[i] = 2 * random.normal();
  auto* const labels = made.target.labels.mutable_data_ptr<std::uint8_t>();
  auto* const band = made.target.band.mutable_data_ptr<std::uint8_t>();
  auto* const weight = made.target.weight.mutable_data_ptr<double>();
  std::uint8_t label = 0;
  for (std::int64_t i = 0; i < made.target.labels.numel(); ++i) {
    // Runs of one label, some long and some of one voxel, as along the rows of real labels.
    if (random.uniform() < 0.15)
      label = static_cast<std::uint8_t>(random.below(static_cast<std::uint64_t>(shape.classes)));
    labels[i] = label;
    band[i] = random.uniform() < 0.4 ? 1 : 0;
    weight[i] = random.uniform(1, 11);
  }
  return made;
}

at::Tensor readTensor(const std::filesystem::path& npy) {
  const core::NpyArray array = core::readNpy(npy);
  const at::ScalarType type = array.type == "u1" ? at::kByte : array.type == "f4" ? at::kFloat : at::kDouble;
  at::Tensor tensor = at::empty(array.shape, type);
  std::memcpy(tensor.mutable_data_ptr(), array.bytes.data(), array.bytes.size());
  return tensor;
}

std::vector<core::LossSettings> everyLoss() {
  std::vector<core::LossSettings> all;
  for (const core::LossKind kind : core::allLossKinds()) all.push_back({.kind = kind, .lambda = 0.3});
  all.push_back({.kind = core::LossKind::cwcd, .preset = core::Preset::authors});
  return all;
}

std::string nameOf(const core::LossSettings& settings) {
  return core::toString(settings.kind) + " " + core::toString(settings.preset);
}

}  // namespace rind::losses::testing
