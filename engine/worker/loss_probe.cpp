#include "rind/worker/loss_probe.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "rind/contour/band.h"
#include "rind/contour/depth_map.h"
#include "rind/core/error.h"

namespace rind::worker {
namespace {

std::int64_t startAlong(std::int64_t centre, std::int64_t extent, std::int64_t window) {
  if (extent <= window) return 0;
  const std::int64_t step = std::max<std::int64_t>(1, window / 4);
  return std::clamp<std::int64_t>((centre - window / 2 + step / 2) / step * step, 0, extent - window);
}

/// Copies a region's rows of a volume [z, y, x].
template <class T>
void cutRows(const T* volume, const core::Extent3& whole, const Region& region, T* out) {
  for (std::int64_t z = 0; z < region.size.z; ++z)
    for (std::int64_t y = 0; y < region.size.y; ++y, out += region.size.x)
      std::memcpy(out,
                  volume + ((z + region.start.z) * whole.y + y + region.start.y) * whole.x + region.start.x,
                  static_cast<std::size_t>(region.size.x) * sizeof(T));
}

at::Tensor cut(const std::uint8_t* volume, const core::Extent3& whole, const Region& region) {
  at::Tensor out = at::empty({1, region.size.z, region.size.y, region.size.x}, at::kByte);
  cutRows(volume, whole, region, out.mutable_data_ptr<std::uint8_t>());
  return out;
}

messages::ProbedLoss described(core::LossKind kind, const losses::LossReport& report) {
  messages::ProbedLoss loss{core::toString(kind), report.total, report.terms};
  for (const auto& part : report.classes)
    loss.classes.push_back({part.contour, part.interior, part.gradient_contour, part.gradient_interior});
  return loss;
}

void drawHeat(const at::Tensor& gradient, ProbedLosses& probed) {
  const at::Tensor size = gradient.abs().sum(1, false, at::kFloat).contiguous();
  const auto* values = size.const_data_ptr<float>();
  const auto count = static_cast<std::size_t>(size.numel());
  const float largest = count == 0 ? 0.F : *std::max_element(values, values + count);
  probed.largest = static_cast<double>(largest);
  probed.heat.assign(count, 0);
  if (!(largest > 0)) return;
  for (std::size_t i = 0; i < count; ++i)
    probed.heat[i] = static_cast<std::uint8_t>(std::lround(255 * std::sqrt(values[i] / largest)));
}

}  // namespace

Region regionAround(const core::Index3& centre, const core::Extent3& volume, const core::Extent3& window) {
  return {{startAlong(centre.z, volume.z, window.z), startAlong(centre.y, volume.y, window.y),
           startAlong(centre.x, volume.x, window.x)},
          {std::min(volume.z, window.z), std::min(volume.y, window.y), std::min(volume.x, window.x)}};
}

at::Tensor logitsOf(const inference::Forward& forward, const core::PreparedCase& prepared,
                    const Region& region, const core::Extent3& window) {
  const c10::NoGradGuard no_gradients;
  at::Tensor cut_image = at::empty({1, prepared.channels, region.size.z, region.size.y, region.size.x});
  for (int channel = 0; channel < prepared.channels; ++channel)
    cutRows(prepared.image + channel * prepared.size().voxels(), prepared.size(), region,
            cut_image.mutable_data_ptr<float>() + channel * region.size.voxels());
  // Where the case is smaller than the window it lies in the middle, as in prediction.
  const core::Extent3 room{window.z - region.size.z, window.y - region.size.y, window.x - region.size.x};
  const core::Index3 before{room.z / 2, room.y / 2, room.x / 2};
  const auto padded = at::constant_pad_nd(
      cut_image, {before.x, room.x - before.x, before.y, room.y - before.y, before.z, room.z - before.z});
  const at::Tensor logits = forward(padded).to(at::kCPU, at::kFloat);
  return logits.narrow(2, before.z, region.size.z)
      .narrow(3, before.y, region.size.y)
      .narrow(4, before.x, region.size.x)
      .contiguous();
}

losses::Target targetOf(const core::PreparedCase& prepared, const contour::DepthHistogram& depths,
                        const Region& region, const core::RunConfig& config) {
  losses::Target target;
  target.labels = cut(prepared.labels.data, prepared.size(), region);
  core::DepthVolume depth(region.size);
  cutRows(prepared.depth.data, prepared.size(), region, depth.voxels.data());
  if (config.contour.border == core::Border::zero)
    contour::applyZeroBorder(depth, region.start, prepared.size());
  target.band = at::empty_like(target.labels);
  const core::LabelView labels{region.size, target.labels.const_data_ptr<std::uint8_t>()};
  contour::bandMask(labels, depth.view(), contour::bandThickness(depths, config.contour),
                    /*include_background=*/true, target.band.mutable_data_ptr<std::uint8_t>());
  const auto weights = losses::distanceWeights(labels, static_cast<int>(depths.counts.size()), config.loss.w0,
                                               config.loss.sigma);
  target.weight = at::empty(target.labels.sizes(), at::kFloat);
  std::copy(weights.voxels.begin(), weights.voxels.end(), target.weight.mutable_data_ptr<float>());
  return target;
}

ProbedLosses probeLosses(const at::Tensor& logits, const losses::Target& target,
                         const core::RunConfig& config, core::LossKind heat_loss) {
  ProbedLosses probed;
  for (const auto kind : core::allLossKinds()) {
    core::LossSettings settings = config.loss;
    settings.kind = kind;
    losses::Target wanted = target;
    if (kind != core::LossKind::dwce) wanted.weight = at::Tensor();
    auto evaluation = losses::evaluate(logits, wanted, settings, config.contour.include_background, true);
    losses::addGradientShares(evaluation, wanted);
    probed.losses.push_back(described(kind, evaluation.report));
    if (kind == heat_loss) drawHeat(evaluation.gradient, probed);
  }
  return probed;
}

}  // namespace rind::worker
