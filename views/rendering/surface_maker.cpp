#include "rind/rendering/surface_maker.h"

#include <algorithm>

namespace rind::rendering {

SurfaceMaker::SurfaceMaker(const models::CaseModel& shown, ShellScene& scene, QObject* parent)
    : QObject(parent), case_(shown), scene_(scene) {
  connect(&shown, &models::CaseModel::changed, this, [this](models::Changes what) {
    if (what & models::Change::data) {
      scene_.clear();
      want(SurfaceKind::outer);
    }
    if (what & (models::Change::data | models::Change::band)) want(SurfaceKind::inner);
    if (what & (models::Change::data | models::Change::prediction)) want(SurfaceKind::prediction);
    if (what & (models::Change::data | models::Change::display | models::Change::selection))
      scene_.setShown(case_);
    // New surfaces are announced when they are there: drawing the old ones again would keep the slices
    // waiting.
    if (what & (models::Change::data | models::Change::display | models::Change::selection)) Q_EMIT updated();
  });
}

SurfaceMaker::~SurfaceMaker() {
  for (auto& one : tasks_)
    if (one.cancel) *one.cancel = true;
}

bool SurfaceMaker::isBusy() const {
  return std::any_of(tasks_.begin(), tasks_.end(), [](const Task& one) { return one.running; });
}

void SurfaceMaker::want(SurfaceKind kind) {
  auto& one = task(kind);
  one.wanted = true;
  if (one.running) {
    *one.cancel = true;
    return;
  }
  begin(kind);
}

void SurfaceMaker::begin(SurfaceKind kind) {
  auto& one = task(kind);
  one.wanted = false;
  const SurfaceInput input{case_.share(), case_.prediction(), case_.thickness(), case_.contour().border};
  if (!input.loaded || (kind == SurfaceKind::prediction && !input.prediction)) {
    scene_.setSurfaces(kind, {}, {});
    return;
  }
  one.running = true;
  one.cancel = std::make_shared<std::atomic<bool>>(false);
  background_.run(
      [input, kind, cancel = one.cancel] { return makeSurfaces(input, kind, *cancel); },
      [this, kind, cancel = one.cancel, loaded = input.loaded](const std::vector<Surface>& surfaces) {
        auto& ended = task(kind);
        ended.running = false;
        if (!*cancel) scene_.setSurfaces(kind, surfaces, loaded->labels);
        if (ended.wanted) begin(kind);
        Q_EMIT updated();
      });
}

}  // namespace rind::rendering
