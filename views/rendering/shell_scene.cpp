#include "rind/rendering/shell_scene.h"

#include <vtkCellPicker.h>
#include <vtkCullerCollection.h>
#include <vtkFrustumCoverageCuller.h>
#include <vtkPlaneCollection.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>

#include <algorithm>

#include "rind/rendering/ground.h"

namespace rind::rendering {
namespace {

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
  vtkNew<vtkFrustumCoverageCuller> order;
  order->SetSortingStyleToBackToFront();
  renderer_->GetCullers()->RemoveAllItems();
  renderer_->AddCuller(order);
}

void ShellScene::setSurfaces(SurfaceKind kind, Detail detail, const std::vector<Surface>& surfaces,
                             const core::LabelSet& labels) {
  const auto has = [&](int label) {
    return std::any_of(surfaces.begin(), surfaces.end(),
                       [label](const Surface& surface) { return surface.label == label; });
  };
  std::erase_if(actors_, [&](const auto& entry) {
    const Part& part = entry.first;
    const bool stays = detail == Detail::fine && part.detail == Detail::coarse && has(part.label);
    if (part.kind != kind || stays) return false;
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
    actors_[{kind, surface.label, detail}] = actor;
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

void ShellScene::setShown(std::vector<bool> hidden, int selected) {
  hidden_ = std::move(hidden);
  selected_ = selected;
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
  for (const auto& [key, actor] : actors_) styleActor(key, *actor);
  renderer_->SetUseDepthPeeling(isHurried() ? 0 : 1);
  renderer_->ResetCameraClippingRange();
}

// The coarse surface is drawn where it is asked for, and where there is no other.
bool ShellScene::isDrawn(const Part& part) const {
  const auto at = static_cast<std::size_t>(part.label);
  if (!shows(part.kind) || (at < hidden_.size() && hidden_[at])) return false;
  Part other = part;
  other.detail = part.detail == Detail::fine ? Detail::coarse : Detail::fine;
  return !actors_.contains(other) || (part.detail == Detail::coarse) == isHurried();
}

void ShellScene::styleActor(const Part& part, vtkActor& actor) {
  const SurfaceKind kind = part.kind;
  const bool others = selected_ != 0 && selected_ != part.label;
  actor.SetVisibility(isDrawn(part));
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

void ShellScene::setBackgroundVisible(bool visible) {
  // Black where it is transparent: colours come out multiplied by their alpha.
  if (visible)
    renderer_->SetBackground(kGround[0] / 255.0, kGround[1] / 255.0, kGround[2] / 255.0);
  else
    renderer_->SetBackground(0, 0, 0);
  renderer_->SetBackgroundAlpha(visible ? 1.0 : 0.0);
}

void ShellScene::setMoving(bool moving) {
  moving_ = moving;
  style();
}

void ShellScene::setPreviewed(bool previewed) {
  previewed_ = previewed;
  style();
}

void ShellScene::setStill(bool still) {
  still_ = still;
  style();
}

int ShellScene::labelAt(double x, double y) {
  vtkNew<vtkCellPicker> picker;
  picker->SetTolerance(0.002);
  if (picker->Pick(x, y, 0, renderer_) == 0) return 0;
  for (const auto& [key, actor] : actors_)
    if (actor == picker->GetActor()) return key.label;
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
