#include "rind/inference/window_grid.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace rind::inference {
namespace {

at::Tensor gaussianAlong(std::int64_t extent) {
  const double sigma = 0.125 * static_cast<double>(extent);
  const auto distance = at::arange(extent, at::kDouble) - static_cast<double>(extent - 1) / 2;
  return at::exp(distance.square() / (-2 * sigma * sigma));
}

}  // namespace

std::vector<std::int64_t> windowStarts(std::int64_t extent, std::int64_t window, double overlap) {
  const auto kept = static_cast<std::int64_t>(static_cast<double>(window) * (1 - overlap));
  const std::int64_t step = std::max<std::int64_t>(kept, 1);
  std::vector<std::int64_t> starts = {0};
  while (starts.back() + window < extent) starts.push_back(std::min(starts.back() + step, extent - window));
  return starts;
}

at::Tensor gaussianImportance(const core::Extent3& window) {
  const auto z = gaussianAlong(window.z).view({-1, 1, 1});
  const auto y = gaussianAlong(window.y).view({1, -1, 1});
  const auto x = gaussianAlong(window.x).view({1, 1, -1});
  return (z * y * x).clamp_min(1e-3).to(at::kFloat).contiguous();
}

}  // namespace rind::inference
