#pragma once

#include <memory>

#include "rind/contour/depth_map.h"
#include "rind/models/case_model.h"

namespace rind::test_support {

/// A block of class 1 (8x8x8 voxels, clear of the faces) and a thin plate of class 2 (2x8x8) in 24x24x24
/// voxels of 1x1x2 mm (z, y, x).
inline std::shared_ptr<const models::LoadedCase> blockCase() {
  struct Memory {
    core::Volume<float> image{{24, 24, 24}, 0.F};
    core::LabelVolume labels{{24, 24, 24}};
    core::DepthVolume depth;
  };
  auto memory = std::make_shared<Memory>();
  for (std::int64_t z = 4; z < 12; ++z)
    for (std::int64_t y = 4; y < 12; ++y)
      for (std::int64_t x = 4; x < 12; ++x) memory->labels[{z, y, x}] = 1;
  for (std::int64_t z = 16; z < 18; ++z)
    for (std::int64_t y = 4; y < 12; ++y)
      for (std::int64_t x = 4; x < 12; ++x) memory->labels[{z, y, x}] = 2;
  for (std::size_t i = 0; i < memory->image.voxels.size(); ++i)
    memory->image.voxels[i] = memory->labels.voxels[i] == 0 ? 0.F : 1.F;
  memory->depth = contour::depthMap(memory->labels, 254, core::Border::replicate);
  core::PreparedCase prepared;
  prepared.id = "block";
  prepared.geometry.size = {24, 24, 24};
  prepared.geometry.spacing = {1, 1, 2};
  prepared.channels = 1;
  prepared.image = memory->image.voxels.data();
  prepared.labels = memory->labels;
  prepared.depth = memory->depth;
  prepared.memory = memory;
  return std::make_shared<models::LoadedCase>(
      models::analyse(prepared, core::makeLabelSet({{0, "background"}, {1, "block"}, {2, "plate"}})));
}

/// Two bricks of `size` voxels side by side along x, the first from voxel (3, 3, 3) on; `labels` has to
/// outlive them.
inline std::shared_ptr<models::LoadedCase> touchingBricks(const core::Extent3& size,
                                                          core::LabelVolume& labels) {
  labels = core::LabelVolume({size.z + 6, size.y + 6, 2 * size.x + 6});
  for (std::int64_t z = 0; z < size.z; ++z)
    for (std::int64_t y = 0; y < size.y; ++y)
      for (std::int64_t x = 0; x < 2 * size.x; ++x) labels[{3 + z, 3 + y, 3 + x}] = x < size.x ? 1 : 2;
  auto loaded = std::make_shared<models::LoadedCase>(*blockCase());
  loaded->prepared.labels = labels;
  loaded->prepared.geometry.size = labels.size;
  loaded->boxes = models::boxesOf(labels, 3);
  return loaded;
}

}  // namespace rind::test_support
