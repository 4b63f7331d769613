#include "rind/training/target.h"

#include <ATen/Functions.h>

#include <algorithm>

#include "rind/contour/band.h"
#include "rind/contour/depth_map.h"

namespace rind::training {
namespace {

core::LabelView viewOf(const at::Tensor& batch, std::int64_t sample) {
  const core::Extent3 size = {batch.size(1), batch.size(2), batch.size(3)};
  return {size, batch.data_ptr<std::uint8_t>() + sample * size.voxels()};
}

at::Tensor distanceWeightsOf(const at::Tensor& labels, int classes, const core::LossSettings& loss) {
  at::Tensor weight = at::empty(labels.sizes(), at::kFloat);
  for (std::int64_t b = 0; b < labels.size(0); ++b) {
    const auto map = losses::distanceWeights(viewOf(labels, b), classes, loss.w0, loss.sigma);
    std::copy(map.voxels.begin(), map.voxels.end(), weight[b].data_ptr<float>());
  }
  return weight;
}

}  // namespace

const std::vector<int>& TargetMaker::thickness(std::size_t case_index,
                                               const core::ContourSettings& settings) {
  if (settings.adaptive.rule == core::AdaptiveRule::off) {
    current_.assign(static_cast<std::size_t>(classes_), std::min(settings.thickness(), contour::kLargestCap));
    return current_;
  }
  auto& known = histograms_[settings.border == core::Border::zero ? 0 : 1];
  auto found = known.find(case_index);
  if (found == known.end()) {
    const core::PreparedCase prepared = cases_.open(case_index);
    const auto histogram =
        settings.border == core::Border::zero ? contour::zeroBorderHistogram : contour::depthHistogram;
    found = known.emplace(case_index, histogram(prepared.labels, prepared.depth, classes_)).first;
  }
  current_ = contour::bandThickness(found->second, settings);
  return current_;
}

losses::Target TargetMaker::make(const sampling::Batch& batch, const core::RunConfig& config) {
  const at::Tensor& depth = config.contour.border == core::Border::zero ? batch.depth_zero : batch.depth;
  losses::Target target;
  target.labels = batch.labels;
  target.band = at::empty(batch.labels.sizes(), at::kByte);
  for (std::int64_t b = 0; b < batch.labels.size(0); ++b)
    contour::bandMask(viewOf(batch.labels, b), viewOf(depth, b),
                      thickness(batch.cases[static_cast<std::size_t>(b)], config.contour),
                      /*include_background=*/true,
                      target.band.data_ptr<std::uint8_t>() + b * batch.labels[0].numel());
  if (config.loss.kind == core::LossKind::dwce)
    target.weight = distanceWeightsOf(batch.labels, classes_, config.loss);
  return target;
}

}  // namespace rind::training
