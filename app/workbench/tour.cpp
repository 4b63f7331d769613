#include "rind/workbench/tour.h"

#include <QAction>
#include <QSettings>
#include <QToolBar>
#include <QWidget>

#include "rind/workbench/phantom_settings.h"

namespace rind::workbench {
namespace {

constexpr const char* kShown = "tour/shown";

TourText textOf(int step, Session& session) {
  const bool trains = session.run().isActive();
  switch (step) {
    case 0:
      return {
          Tour::tr("Move the slider and watch the band"),
          Tour::tr("Every erosion n makes the rind of each organ thicker. The bright rim in the slices, the "
                   "shells in 3D and the column “band” of the table follow at once.")};
    case 1:
      return {trains ? Tour::tr("The training runs already") : Tour::tr("Start a training"),
              trains
                  ? Tour::tr("Loss and DSC are drawn below as they come. F6 pauses it, F8 stops it with a "
                             "checkpoint.")
                  : Tour::tr("Press Start or F5. Loss and DSC are drawn below as they come; F8 stops it with "
                             "a checkpoint.")};
    default:
      return {
          Tour::tr("Change λ while it runs"),
          Tour::tr("λ is how much the contour weighs against the inside. The training takes it at its next "
                   "step, and a mark in the curves says when.")};
  }
}

QWidget* targetOf(int step, QWidget& window) {
  // A slider with its number.
  if (step != 1)
    return window.findChild<QWidget*>(step == 0 ? "iterations.slider" : "lambda.slider")->parentWidget();
  auto* bar = window.findChild<QToolBar*>("tools");
  return bar->widgetForAction(window.findChild<QAction*>("start"));
}

}  // namespace

Tour::Tour(Session& session, QWidget& window) : QObject(&window), session_(session), window_(window) {
  connect(&session.settings(), &models::SettingsModel::changed, this, [this](const QStringList& keys) {
    if (keys.contains("iterations") && step_ == 0) tick(0);
    if (keys.contains("lambda") && session_.run().isActive()) tick(2);
  });
  connect(&session.run(), &models::RunModel::changed, this, [this](models::RunChanges what) {
    if ((what & models::RunChange::state) && session_.run().isActive()) tick(1);
  });
}

void Tour::startOnce() {
  QSettings remembered;
  if (remembered.value(kShown).toBool()) return;
  remembered.setValue(kShown, true);
  start();
}

void Tour::start() {
  end();
  done_ = {};
  done_[1] = session_.run().isActive();
  if (!session_.data() && session_.runFolder().empty() && !session_.isLoading()) {
    setUpPhantom(session_.settings(), 50);
    session_.open("phantom:amos");
  }
  card_ = new TourCard(&window_);
  connect(card_, &TourCard::next, this, [this] { step_ + 1 < kSteps ? show(step_ + 1) : end(); });
  connect(card_, &TourCard::back, this, [this] { show(step_ - 1); });
  connect(card_, &TourCard::skipped, this, &Tour::end);
  show(0);
}

void Tour::end() {
  if (card_) card_->deleteLater();
  card_ = nullptr;
}

void Tour::show(int step) {
  step_ = step;
  TourText text = textOf(step, session_);
  text.step = step + 1;
  text.steps = kSteps;
  card_->say(text);
  card_->setDone(done_.at(static_cast<std::size_t>(step)));
  card_->pointAt(targetOf(step, window_));
}

void Tour::tick(int step) {
  if (!card_) return;
  done_.at(static_cast<std::size_t>(step)) = true;
  if (step == step_) card_->setDone(true);
}

}  // namespace rind::workbench
