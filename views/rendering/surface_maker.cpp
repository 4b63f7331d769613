#include "rind/rendering/surface_maker.h"

#include <algorithm>

#include "rind/rendering/surface_paint.h"

namespace rind::rendering {
namespace {

// A slider that rests this long is not being dragged.
constexpr int kRestMilliseconds = 220;

}  // namespace

SurfaceMaker::SurfaceMaker(const models::CaseModel& shown, ShellScene& scene, QObject* parent)
    : QObject(parent), case_(shown), scene_(scene) {
  refine_.setSingleShot(true);
  refine_.setInterval(kRestMilliseconds);
  connect(&refine_, &QTimer::timeout, this, [this] {
    coarse_ = false;
    want(SurfaceKind::inner);
  });
  connect(&shown, &models::CaseModel::changed, this, &SurfaceMaker::modelChanged);
}

SurfaceMaker::~SurfaceMaker() {
  for (auto& one : tasks_)
    if (one.cancel) *one.cancel = true;
}

void SurfaceMaker::modelChanged(models::Changes what) {
  using models::Change;
  if (what & Change::data) {
    scene_.clear();
    outer_.clear();
    prediction_.clear();
    want(SurfaceKind::outer);
  }
  if (what & (Change::data | Change::band)) {
    coarse_ = true;
    refine_.stop();
    want(SurfaceKind::inner);
  }
  if (what & (Change::data | Change::prediction)) want(SurfaceKind::prediction);
  if ((what & Change::heat) && scene_.mode() == SceneMode::gradient) want(SurfaceKind::painted);
  if (what & (Change::data | Change::display | Change::selection)) {
    scene_.setShown(case_);
    // New surfaces are announced when they are there: drawing the old ones again would keep the slices
    // waiting.
    Q_EMIT updated();
  }
}

bool SurfaceMaker::isBusy() const {
  return refine_.isActive() ||
         std::any_of(tasks_.begin(), tasks_.end(), [](const Task& one) { return one.running || one.wanted; });
}

bool SurfaceMaker::bandIsCurrent() const {
  const Task& inner = task(SurfaceKind::inner);
  return !inner.wanted && (!inner.running || !coarse_);
}

void SurfaceMaker::modeChanged() {
  if (scene_.mode() == SceneMode::distance || scene_.mode() == SceneMode::gradient)
    want(SurfaceKind::painted);
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

template <class Work>
void SurfaceMaker::run(SurfaceKind kind, Work work) {
  auto& one = task(kind);
  one.running = true;
  one.cancel = std::make_shared<std::atomic<bool>>(false);
  background_.run([work = std::move(work), cancel = one.cancel] { return work(*cancel); },
                  [this, kind, cancel = one.cancel](Surfaces surfaces) {
                    auto& ended = task(kind);
                    ended.running = false;
                    if (!*cancel) take(kind, std::move(surfaces));
                    if (ended.wanted) begin(kind);
                    Q_EMIT updated();
                  });
}

void SurfaceMaker::begin(SurfaceKind kind) {
  task(kind).wanted = false;
  if (kind == SurfaceKind::painted) {
    paint();
    return;
  }
  SurfaceInput input{case_.share(), case_.prediction(), case_.thickness(), case_.contour().border};
  if (!input.loaded || (kind == SurfaceKind::prediction && !input.prediction)) {
    take(kind, {});
    return;
  }
  input.coarse = kind == SurfaceKind::inner && coarse_;
  run(kind, [input, kind](const std::atomic<bool>& cancel) { return makeSurfaces(input, kind, cancel); });
}

void SurfaceMaker::paint() {
  const auto loaded = case_.share();
  const auto heat = case_.heat();
  const bool distance = scene_.mode() == SceneMode::distance;
  if (!loaded || outer_.empty() || (distance ? prediction_.empty() : !heat)) {
    take(SurfaceKind::painted, {});
    return;
  }
  run(SurfaceKind::painted,
      [distance, loaded, heat, outer = outer_, prediction = prediction_](const std::atomic<bool>& cancel) {
        return distance ? withDistance(prediction, outer, *loaded, cancel)
                        : withHeat(outer, loaded->prepared.geometry, *heat, cancel);
      });
}

void SurfaceMaker::take(SurfaceKind kind, Surfaces surfaces) {
  if (kind == SurfaceKind::painted && scene_.mode() == SceneMode::distance)
    scene_.setDistanceRange(rangeOf(surfaces));
  scene_.setSurfaces(kind, surfaces, case_.empty() ? core::LabelSet() : case_.loaded().labels);
  if (kind == SurfaceKind::outer) outer_ = std::move(surfaces);
  if (kind == SurfaceKind::prediction) prediction_ = std::move(surfaces);
  if (kind == SurfaceKind::outer || kind == SurfaceKind::prediction) modeChanged();
  if (kind == SurfaceKind::inner && coarse_ && !task(kind).wanted &&
      coarseMatters({case_.share(), nullptr, {}, {}}))
    refine_.start();
}

}  // namespace rind::rendering
