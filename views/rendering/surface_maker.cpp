#include "rind/rendering/surface_maker.h"

#include <algorithm>

#include "rind/rendering/surface_paint.h"

namespace rind::rendering {
namespace {

// A slider that rests this long is not being dragged.
constexpr int kRestMilliseconds = 220;
// The slices are drawn first, with the processors to themselves.
constexpr int kSlicesMilliseconds = 12;

}  // namespace

SurfaceMaker::SurfaceMaker(const models::CaseModel& shown, RenderWidget& widget, ShellScene& scene)
    : case_(shown), widget_(widget), scene_(scene) {
  refine_.setSingleShot(true);
  refine_.setInterval(kRestMilliseconds);
  preview_later_.setSingleShot(true);
  preview_later_.setTimerType(Qt::PreciseTimer);
  preview_later_.setInterval(kSlicesMilliseconds);
  connect(&preview_later_, &QTimer::timeout, this, [this] { want(SurfaceKind::inner); });
  connect(&refine_, &QTimer::timeout, this, [this] { wantFine(SurfaceKind::inner); });
  connect(&shown, &models::CaseModel::changed, this, &SurfaceMaker::modelChanged);
}

SurfaceMaker::~SurfaceMaker() {
  for (auto& one : tasks_)
    if (one.cancel) *one.cancel = true;
}

void SurfaceMaker::modelChanged(models::Changes what) {
  using models::Change;
  if (what & Change::data) {
    widget_.edit([this] { scene_.clear(); });
    outer_.clear();
    prediction_.clear();
    drop(SurfaceKind::painted);
    want(SurfaceKind::outer);
  }
  if (what & (Change::data | Change::band)) {
    band_made_ = false;
    refine_.stop();
    drop(SurfaceKind::inner);
    if (!preview_later_.isActive()) preview_later_.start();
  }
  if (what & (Change::data | Change::prediction)) want(SurfaceKind::prediction);
  if ((what & Change::heat) && mode_ == SceneMode::gradient) want(SurfaceKind::painted);
  if (what & (Change::data | Change::display | Change::selection)) showVisible();
}

void SurfaceMaker::showVisible() {
  std::vector<bool> hidden(case_.empty() ? 0 : case_.loaded().labels.size());
  for (std::size_t c = 0; c < hidden.size(); ++c) hidden[c] = !case_.isVisible(static_cast<int>(c));
  widget_.edit([this, hidden, selected = case_.selected()] { scene_.setShown(hidden, selected); });
}

bool SurfaceMaker::isBusy() const {
  return refine_.isActive() || preview_later_.isActive() ||
         std::any_of(tasks_.begin(), tasks_.end(), [](const Task& one) { return one.running || one.wanted; });
}

bool SurfaceMaker::predictsNothing() const {
  const auto& one = task(SurfaceKind::prediction);
  return case_.prediction() && prediction_.empty() && !one.running && !one.wanted;
}

bool SurfaceMaker::bandIsShown() const {
  return band_made_ && widget_.shows(band_edit_);
}

void SurfaceMaker::setMode(SceneMode mode) {
  mode_ = mode;
  widget_.edit([this, mode] { scene_.setMode(mode); });
  wantColours();
}

void SurfaceMaker::wantColours() {
  if (mode_ == SceneMode::distance || mode_ == SceneMode::gradient) want(SurfaceKind::painted);
}

// What is being made is of something that is not there any more.
void SurfaceMaker::drop(SurfaceKind kind) {
  task(kind).wanted = false;
  if (task(kind).running) *task(kind).cancel = true;
}

void SurfaceMaker::want(SurfaceKind kind) {
  const bool has_preview = kind != SurfaceKind::painted && case_.share() && coarseMatters(case_.loaded());
  task(kind).detail = has_preview ? Detail::coarse : Detail::fine;
  beginOrWait(kind);
}

void SurfaceMaker::wantFine(SurfaceKind kind) {
  task(kind).detail = Detail::fine;
  beginOrWait(kind);
}

void SurfaceMaker::beginOrWait(SurfaceKind kind) {
  auto& one = task(kind);
  one.wanted = true;
  if (one.running)
    *one.cancel = true;
  else
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
    task(kind).detail = Detail::fine;
    take(kind, {});
    return;
  }
  input.detail = task(kind).detail;
  run(kind, [input, kind](const std::atomic<bool>& cancel) { return makeSurfaces(input, kind, cancel); });
}

void SurfaceMaker::paint() {
  const auto loaded = case_.share();
  const auto heat = case_.heat();
  const bool distance = mode_ == SceneMode::distance;
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
  const Detail detail = task(kind).detail;
  const bool coloured = kind == SurfaceKind::painted && mode_ == SceneMode::distance;
  const long edit = widget_.edit([this, kind, detail, surfaces,
                                  labels = case_.empty() ? core::LabelSet() : case_.loaded().labels,
                                  range = coloured ? rangeOf(surfaces) : 0] {
    if (range > 0) scene_.setDistanceRange(range);
    scene_.setSurfaces(kind, detail, surfaces, labels);
    if (kind == SurfaceKind::inner) scene_.setPreviewed(detail == Detail::coarse);
  });
  if (kind == SurfaceKind::inner) {
    band_made_ = true;
    band_edit_ = edit;
    preview_ = detail == Detail::coarse;
    if (preview_) refine_.start();
  } else if (detail == Detail::coarse) {
    task(kind).detail = Detail::fine;
    task(kind).wanted = true;
  }
  if (detail == Detail::coarse) return;
  if (kind == SurfaceKind::outer) outer_ = std::move(surfaces);
  if (kind == SurfaceKind::prediction) prediction_ = std::move(surfaces);
  if (kind == SurfaceKind::outer || kind == SurfaceKind::prediction) wantColours();
  Q_EMIT made();
}

}  // namespace rind::rendering
