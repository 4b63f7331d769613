#pragma once

#include <vtkPolyData.h>
#include <vtkSmartPointer.h>

#include <atomic>
#include <memory>
#include <vector>

#include "rind/models/case_model.h"

namespace rind::rendering {

/// The organ's own surface, the inner surface of its band (what the band leaves inside), or the predicted
/// organ's surface.
enum class SurfaceKind { outer, inner, prediction };

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
};

/// Smoothed surfaces of all foreground classes of one kind; a class without voxels has none. Gives up early
/// where `cancel` is set.
std::vector<Surface> makeSurfaces(const SurfaceInput& input, SurfaceKind kind,
                                  const std::atomic<bool>& cancel);

}  // namespace rind::rendering
