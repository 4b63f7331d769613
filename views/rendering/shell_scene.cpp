#include "rind/rendering/shell_scene.h"

#include <vtkBoundingBox.h>
#include <vtkCamera.h>
#include <vtkCellPicker.h>
#include <vtkPlaneCollection.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>

namespace rind::rendering {
namespace {

constexpr double kGround[3] = {0.09, 0.10, 0.12};

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

// Where organs touch, their shells are one surface in two colours. Depth peeling draws what lies at the same
// depth once; each organ is a hair nearer than the last, so that both are drawn, as where a gap lies between
// them.
void keepApart(vtkMapper& mapper, int label) {
  constexpr double kHair = 0.25;  // of VTK's unit, 1/65536 of the depth
  mapper.SetRelativeCoincidentTopologyPolygonOffsetParameters(0, -kHair * label);
}

}  // namespace

ShellScene::ShellScene(vtkRenderWindow* window) : colour_bar_(*renderer_) {
  window->AddRenderer(renderer_);
  window->SetMultiSamples(0);
  window->SetAlphaBitPlanes(1);
  setBackgroundVisible(true);
  renderer_->SetUseDepthPeeling(1);
  renderer_->SetMaximumNumberOfPeels(4);
  renderer_->SetOcclusionRatio(0.02);
  renderer_->UseFXAAOn();
  vtkMapper::SetResolveCoincidentTopologyToPolygonOffset();
  vtkMapper::SetResolveCoincidentTopologyPolygonOffsetParameters(0, 0);
}

void ShellScene::setSurfaces(SurfaceKind kind, const std::vector<Surface>& surfaces,
                             const core::LabelSet& labels) {
  std::erase_if(actors_, [&](const auto& entry) {
    if (entry.first.first != kind) return false;
    renderer_->RemoveActor(entry.second);
    return true;
  });
  for (const auto& surface : surfaces) {
    vtkNew<vtkPolyDataMapper> mapper;
    mapper->SetInputData(surface.mesh);
    mapper->SetScalarVisibility(kind == SurfaceKind::painted);
    mapper->SetLookupTable(colour_bar_.table());
    mapper->UseLookupTableScalarRangeOn();
    if (kind == SurfaceKind::outer) keepApart(*mapper, surface.label);
    auto actor = vtkSmartPointer<vtkActor>::New();
    actor->SetMapper(mapper);
    const auto& rgb = labels.at(static_cast<std::size_t>(surface.label)).colour;
    actor->GetProperty()->SetColor(rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0);
    renderer_->AddActor(actor);
    actors_[{kind, surface.label}] = actor;
  }
  if (kind == SurfaceKind::outer) placePlane();
  style();
  if (!framed_ && !actors_.empty()) {
    framed_ = true;
    look(preset_);
  }
}

void ShellScene::clear() {
  for (const auto& [key, actor] : actors_) renderer_->RemoveActor(actor);
  actors_.clear();
  framed_ = false;
}

void ShellScene::setMode(SceneMode mode) {
  mode_ = mode;
  style();
}

void ShellScene::setClipped(bool clipped, double depth) {
  clipped_ = clipped;
  clip_depth_ = depth;
  placePlane();
  style();
}

void ShellScene::setDistanceRange(double millimetres) {
  distance_range_ = millimetres;
  style();
}

void ShellScene::setShown(const models::CaseModel& model) {
  const std::size_t classes = model.empty() ? 0 : model.loaded().labels.size();
  hidden_.assign(classes, false);
  for (std::size_t c = 0; c < classes; ++c) hidden_[c] = !model.isVisible(static_cast<int>(c));
  selected_ = model.selected();
  style();
}

bool ShellScene::shows(SurfaceKind kind) const {
  switch (mode_) {
    case SceneMode::shells:
      return kind == SurfaceKind::outer || kind == SurfaceKind::inner;
    case SceneMode::prediction:
      return kind == SurfaceKind::prediction;
    case SceneMode::both:
      return kind == SurfaceKind::outer || kind == SurfaceKind::prediction;
    case SceneMode::distance:
    case SceneMode::gradient:
      break;
  }
  return kind == SurfaceKind::painted;
}

void ShellScene::style() {
  if (mode_ == SceneMode::distance)
    colour_bar_.showDistance(distance_range_);
  else if (mode_ == SceneMode::gradient)
    colour_bar_.showGradient();
  else
    colour_bar_.hide();
  for (const auto& [key, actor] : actors_) styleActor(key.first, key.second, *actor);
  renderer_->ResetCameraClippingRange();
}

void ShellScene::styleActor(SurfaceKind kind, int label, vtkActor& actor) {
  const auto at = static_cast<std::size_t>(label);
  const bool others = selected_ != 0 && selected_ != label;
  actor.SetVisibility(shows(kind) && (at >= hidden_.size() || !hidden_[at]));
  auto* property = actor.GetProperty();
  if (kind == SurfaceKind::outer)
    property->SetOpacity(others ? 0.06 : 0.26);
  else
    property->SetOpacity(others ? 0.35 : 1.0);
  property->SetAmbient(kind == SurfaceKind::painted ? 0.35 : 0.12);
  property->SetDiffuse(kind == SurfaceKind::painted ? 0.7 : 0.85);
  property->SetSpecular(kind == SurfaceKind::outer ? 0.05 : kind == SurfaceKind::painted ? 0.0 : 0.2);
  property->SetSpecularPower(25);
  auto* mapper = actor.GetMapper();
  mapper->RemoveAllClippingPlanes();
  if (clipped_) mapper->AddClippingPlane(plane_);
}

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
    if (key.first == SurfaceKind::outer) box.AddBounds(actor->GetMapper()->GetBounds());
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

void ShellScene::setBackgroundVisible(bool visible) {
  // Black where it is transparent: colours come out multiplied by their alpha.
  if (visible)
    renderer_->SetBackground(kGround[0], kGround[1], kGround[2]);
  else
    renderer_->SetBackground(0, 0, 0);
  renderer_->SetBackgroundAlpha(visible ? 1.0 : 0.0);
}

void ShellScene::setMoving(bool moving) {
  renderer_->SetUseDepthPeeling(moving ? 0 : 1);
}

int ShellScene::labelAt(double x, double y) {
  vtkNew<vtkCellPicker> picker;
  picker->SetTolerance(0.002);
  if (picker->Pick(x, y, 0, renderer_) == 0) return 0;
  for (const auto& [key, actor] : actors_)
    if (actor == picker->GetActor()) return key.second;
  return 0;
}

long long ShellScene::triangles() const {
  long long count = 0;
  for (const auto& [key, actor] : actors_)
    if (actor->GetVisibility() != 0)
      count += vtkPolyDataMapper::SafeDownCast(actor->GetMapper())->GetInput()->GetNumberOfPolys();
  return count;
}

}  // namespace rind::rendering
