#pragma once

#include <vtkPolyData.h>
#include <vtkSmartPointer.h>

#include <atomic>
#include <memory>
#include <vector>

#include "rind/models/case_model.h"

namespace rind::rendering {

/// The organ's own surface, the inner surface of its band (what the band leaves inside), the predicted
/// organ's surface, or one of them coloured by a number at each point.
enum class SurfaceKind { outer, inner, prediction, painted };

/// As fine as a screen shows, or of every second to fourth voxel of all but small organs: a quarter of the
/// time to make and to draw, for what moves.
enum class Detail { fine, coarse };

struct Surface {
  int label = 0;
  SurfaceKind kind = SurfaceKind::outer;
  vtkSmartPointer<vtkPolyData> mesh;  // millimetres, LPS
};

/// What surfaces are made from; shares its volumes, so a background thread may keep it.
struct SurfaceInput {
  std::shared_ptr<const models::LoadedCase> loaded;
  std::shared_ptr<const models::Prediction> prediction;
  std::vector<int> thickness;
  core::Border border = core::Border::zero;
  Detail detail = Detail::fine;
};

/// Smoothed surfaces of all foreground classes of one kind (not painted); a class without voxels has none.
/// Organs are shared out to all processors. Gives up early where `cancel` is set.
std::vector<Surface> makeSurfaces(const SurfaceInput& input, SurfaceKind kind,
                                  const std::atomic<bool>& cancel);

/// Closed surfaces of the classes that are `wanted` (by class), as a file is to have them: of every voxel,
/// whatever that costs, with triangles that face outwards.
std::vector<Surface> makeWholeSurfaces(core::LabelView labels, const core::Geometry& geometry,
                                       const std::vector<bool>& wanted, const std::atomic<bool>& cancel);

/// Whether a coarse surface of any class would differ from the fine one.
bool coarseMatters(const models::LoadedCase& loaded);

}  // namespace rind::rendering
