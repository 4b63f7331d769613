#include "rind/training/run_plan.h"

#include <algorithm>
#include <numeric>

#include "rind/core/error.h"
#include "rind/networks/network.h"
#include "rind/sampling/schedule.h"

namespace rind::training {
namespace {

using core::Extent3;

constexpr Extent3 kLargest = {64, 128, 128};

Extent3 smaller(const Extent3& a, const Extent3& b) {
  return {std::min(a.z, b.z), std::min(a.y, b.y), std::min(a.x, b.x)};
}

Extent3 larger(const Extent3& a, const Extent3& b) {
  return {std::max(a.z, b.z), std::max(a.y, b.y), std::max(a.x, b.x)};
}

/// The middle of the cases' extents along each axis.
Extent3 medianOf(std::vector<Extent3> sizes) {
  Extent3 median;
  for (const auto axis : {&Extent3::z, &Extent3::y, &Extent3::x}) {
    const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
    std::nth_element(sizes.begin(), middle, sizes.end(),
                     [axis](const Extent3& a, const Extent3& b) { return a.*axis < b.*axis; });
    median.*axis = (*middle).*axis;
  }
  return median;
}

/// The largest patch that the network allows and that is not larger than `size` along any axis (but for the
/// least).
Extent3 patchWithin(const std::string& network, const Extent3& size) {
  const std::int64_t step = networks::networkInfo(network).divisor;
  const auto down = [step](std::int64_t extent) {
    return extent == 1 ? extent : std::max(step, extent / step * step);
  };
  return networks::fittingPatch(network, {down(size.z), down(size.y), down(size.x)});
}

}  // namespace

std::int64_t RunPlan::samples() const {
  return std::accumulate(patches_per_case.begin(), patches_per_case.end(), std::int64_t{0});
}

RunPlan planRun(const core::RunConfig& config, const TrainingData& data) {
  if (!data.training || data.training->count() == 0)
    throw core::InputError(config.data, "has no case to train with",
                           "add cases with labels, or change --split");
  Extent3 largest;
  std::vector<Extent3> sizes;
  for (std::size_t i = 0; i < data.training->count(); ++i) {
    sizes.push_back(data.training->open(i).size());
    largest = larger(largest, sizes.back());
  }
  for (std::size_t i = 0; data.validation && i < data.validation->count(); ++i)
    largest = larger(largest, data.validation->open(i).size());

  RunPlan plan;
  const Extent3 most = data.patch.value_or(kLargest);
  plan.patch = config.patch ? *config.patch : patchWithin(config.network, smaller(medianOf(sizes), most));
  plan.model.network = {config.network,
                        static_cast<int>(data.channels.size()),
                        static_cast<int>(data.labels.size()),
                        config.base_channels,
                        plan.patch,
                        config.deep_supervision};
  networks::requireFits(plan.model.network);
  plan.model.preprocessing = data.preprocessing;
  plan.model.labels = data.labels;
  plan.model.channels = data.channels;
  plan.model.window =
      config.patch || networks::networkInfo(config.network).fixed_patch
          ? plan.patch
          : larger(plan.patch, networks::fittingPatch(config.network, smaller(largest, kLargest)));
  if (plan.patch.z == 1) plan.model.window = plan.patch;
  for (const auto& size : sizes) plan.patches_per_case.push_back(sampling::patchesOf(size, plan.patch));
  return plan;
}

}  // namespace rind::training
