// From where a ShellScene is seen, and what is cut away before it.
#include <vtkBoundingBox.h>
#include <vtkCamera.h>
#include <vtkMapper.h>

#include "rind/rendering/shell_scene.h"

namespace rind::rendering {
namespace {

struct Direction {
  double from[3];
  double up[3];
};

// Where the camera stands, in LPS: +x left, +y posterior, +z superior.
Direction directionOf(CameraPreset preset) {
  switch (preset) {
    case CameraPreset::posterior:
      return {{0, 1, 0}, {0, 0, 1}};
    case CameraPreset::left:
      return {{1, 0, 0}, {0, 0, 1}};
    case CameraPreset::right:
      return {{-1, 0, 0}, {0, 0, 1}};
    case CameraPreset::superior:
      return {{0, 0, 1}, {0, -1, 0}};
    case CameraPreset::inferior:
      return {{0, 0, -1}, {0, -1, 0}};
    case CameraPreset::anterior:
      break;
  }
  return {{0, -1, 0}, {0, 0, 1}};
}

}  // namespace

void ShellScene::look(CameraPreset preset) {
  preset_ = preset;
  double bounds[6];
  renderer_->ComputeVisiblePropBounds(bounds);
  if (bounds[0] > bounds[1]) return;
  const double middle[3] = {(bounds[0] + bounds[1]) / 2, (bounds[2] + bounds[3]) / 2,
                            (bounds[4] + bounds[5]) / 2};
  const auto direction = directionOf(preset);
  auto* camera = renderer_->GetActiveCamera();
  camera->SetFocalPoint(middle);
  camera->SetPosition(middle[0] + direction.from[0], middle[1] + direction.from[1],
                      middle[2] + direction.from[2]);
  camera->SetViewUp(direction.up);
  // A little from the side and above: depth is easier to see.
  camera->Azimuth(-18);
  camera->Elevation(12);
  camera->OrthogonalizeViewUp();
  renderer_->ResetCamera(bounds);
  camera->Zoom(1.25);
  placePlane();
  renderer_->ResetCameraClippingRange();
}

void ShellScene::turn(double degrees) {
  renderer_->GetActiveCamera()->Azimuth(degrees);
  renderer_->GetActiveCamera()->OrthogonalizeViewUp();
  renderer_->ResetCameraClippingRange();
}

CameraPose ShellScene::pose() const {
  auto* camera = const_cast<vtkRenderer&>(*renderer_).GetActiveCamera();
  CameraPose pose;
  camera->GetPosition(pose.position.data());
  camera->GetFocalPoint(pose.focus.data());
  camera->GetViewUp(pose.up.data());
  pose.angle = camera->GetViewAngle();
  return pose;
}

void ShellScene::setPose(const CameraPose& pose) {
  auto* camera = renderer_->GetActiveCamera();
  camera->SetPosition(pose.position.data());
  camera->SetFocalPoint(pose.focus.data());
  camera->SetViewUp(pose.up.data());
  camera->SetViewAngle(pose.angle);
  renderer_->ResetCameraClippingRange();
}

// Of the reference, shown or not: the cut stays where it is when an organ is hidden.
void ShellScene::boundsOfOrgans(double (&bounds)[6]) const {
  vtkBoundingBox box;
  for (const auto& [key, actor] : actors_)
    if (key.kind == SurfaceKind::outer) box.AddBounds(actor->GetMapper()->GetBounds());
  box.GetBounds(bounds);
}

// Across the organs, from the side where the camera's preset stands.
void ShellScene::placePlane() {
  double bounds[6];
  boundsOfOrgans(bounds);
  if (bounds[0] > bounds[1]) return;
  const auto direction = directionOf(preset_);
  double origin[3];
  for (int axis = 0; axis < 3; ++axis) {
    const double low = bounds[2 * axis];
    const double high = bounds[2 * axis + 1];
    const double front = direction.from[axis] > 0 ? high : low;
    const double back = direction.from[axis] > 0 ? low : high;
    origin[axis] = direction.from[axis] == 0 ? (low + high) / 2 : front + (back - front) * clip_depth_;
  }
  plane_->SetOrigin(origin);
  plane_->SetNormal(-direction.from[0], -direction.from[1], -direction.from[2]);
}

}  // namespace rind::rendering
