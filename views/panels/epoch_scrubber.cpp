#include "rind/panels/epoch_scrubber.h"

#include <QHBoxLayout>
#include <QMouseEvent>
#include <QSignalBlocker>
#include <QStyle>
#include <QStyleOptionSlider>

namespace rind::panels {
namespace {

constexpr int kPlayMilliseconds = 400;

}  // namespace

EpochScrubber::EpochScrubber(const models::RunModel& run, QWidget* parent)
    : QWidget(parent),
      run_(run),
      slider_(new QSlider(Qt::Horizontal)),
      label_(new QLabel),
      play_(new QToolButton) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  play_->setObjectName("playEpochs");
  play_->setText(QStringLiteral("▶"));
  play_->setCheckable(true);
  play_->setAccessibleName(tr("Play the epochs"));
  play_->setToolTip(tr("Plays the preview case's prediction from the first epoch to the last"));
  label_->setObjectName("epochShown");
  label_->setProperty("role", "quiet");
  label_->setMinimumWidth(66);
  slider_->setObjectName("epochScrubber");
  slider_->setAccessibleName(tr("Epoch of the prediction shown"));
  slider_->setToolTip(tr("Shows the preview case's prediction after an earlier epoch"));
  slider_->installEventFilter(this);
  row->addWidget(play_);
  row->addWidget(label_);
  row->addWidget(slider_, 1);
  turn_.setInterval(kPlayMilliseconds);
  connect(slider_, &QSlider::valueChanged, this, [this](int value) {
    describe();
    waiting_ = true;
    Q_EMIT epochChosen(value);
  });
  connect(play_, &QToolButton::toggled, this, &EpochScrubber::play);
  connect(&turn_, &QTimer::timeout, this, [this] {
    if (waiting_) return;
    slider_->setValue(slider_->value() + 1);
    if (slider_->value() == slider_->maximum()) play_->setChecked(false);
  });
  connect(&run, &models::RunModel::changed, this, [this](models::RunChanges what) {
    if (what & (models::RunChange::scores | models::RunChange::state)) refresh();
  });
  refresh();
}

void EpochScrubber::setProblem(const QString& text) {
  waiting_ = false;
  problem_ = text;
  describe();
}

bool EpochScrubber::eventFilter(QObject* watched, QEvent* event) {
  const auto* press = event->type() == QEvent::MouseButtonPress ? static_cast<QMouseEvent*>(event) : nullptr;
  if (watched != slider_ || press == nullptr || press->button() != Qt::LeftButton)
    return QWidget::eventFilter(watched, event);
  QStyleOptionSlider option;
  option.initFrom(slider_);
  option.maximum = slider_->maximum();
  option.minimum = slider_->minimum();
  option.sliderPosition = option.sliderValue = slider_->value();
  const QRect handle =
      slider_->style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, slider_);
  const int at = qRound(press->position().x());
  if (at < handle.left() || at > handle.right())
    slider_->setValue(QStyle::sliderValueFromPosition(
        slider_->minimum(), slider_->maximum(), at - handle.width() / 2, slider_->width() - handle.width()));
  return false;  // the handle is under the pointer now and can be dragged on
}

void EpochScrubber::play(bool on) {
  if (!on) {
    turn_.stop();
    return;
  }
  waiting_ = false;
  if (slider_->value() == slider_->maximum()) slider_->setValue(slider_->minimum());
  turn_.start();
}

void EpochScrubber::describe() {
  const bool any = slider_->maximum() > 0;
  label_->setText(!any                 ? QString()
                  : problem_.isEmpty() ? tr("epoch %1").arg(slider_->value())
                                       : tr("⚠ epoch %1").arg(slider_->value()));
  label_->setToolTip(problem_);
}

void EpochScrubber::refresh() {
  const int last = run_.epochs().empty() ? 0 : run_.epochs().back().at.epoch;
  const bool at_end = slider_->value() == slider_->maximum();
  const QSignalBlocker quiet(slider_);
  slider_->setRange(std::min(1, last), last);
  if (at_end && !turn_.isActive()) slider_->setValue(last);
  slider_->setEnabled(last > 1);
  play_->setEnabled(last > 1);
  describe();
}

}  // namespace rind::panels
