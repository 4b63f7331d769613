#include "rind/datasets/original_grid.h"

#include "rind/datasets/cropping.h"
#include "rind/datasets/resampling.h"

namespace rind::datasets {
namespace {

/// One class on the grid that was cropped; `outside` where nothing was predicted.
std::vector<float> uncropped(const float* voxels, const PreparedImage& prepared, float outside) {
  std::vector<float> out(static_cast<std::size_t>(prepared.uncropped.size.voxels()), outside);
  pasteBox(voxels, {prepared.cropped_at, prepared.geometry.size}, prepared.uncropped.size, out.data());
  return out;
}

}  // namespace

std::vector<float> probabilitiesOnOriginalGrid(std::vector<float> probabilities, std::size_t classes,
                                               const PreparedImage& prepared) {
  if (prepared.geometry == prepared.original) return probabilities;
  const bool cropped = prepared.isCropped();
  const core::Geometry& grid = cropped ? prepared.uncropped : prepared.geometry;
  const auto from = static_cast<std::size_t>(prepared.geometry.size.voxels());
  const auto to = static_cast<std::size_t>(prepared.original.size.voxels());
  std::vector<float> out(classes * to);
  for (std::size_t c = 0; c < classes; ++c) {
    const float* one = probabilities.data() + c * from;
    const auto whole = cropped ? uncropped(one, prepared, c == 0 ? 1.0F : 0.0F) : std::vector<float>();
    resampleImage(cropped ? whole.data() : one, grid, prepared.original, core::Interpolation::linear,
                  out.data() + c * to);
  }
  return out;
}

}  // namespace rind::datasets
