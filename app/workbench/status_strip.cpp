#include "rind/workbench/status_strip.h"

namespace rind::workbench {

StatusStrip::StatusStrip(const models::RunModel& run, const Activity& activity, QWidget* parent)
    : QStatusBar(parent),
      run_(run),
      status_(new panels::ElidedLabel),
      left_(new QLabel),
      progress_(new QProgressBar) {
  status_->setObjectName("status");
  left_->setObjectName("timeLeft");
  progress_->setObjectName("progress");
  progress_->setAccessibleName(tr("Progress"));
  progress_->setTextVisible(false);
  progress_->setFixedWidth(220);
  addWidget(status_, 1);
  addPermanentWidget(left_);
  addPermanentWidget(progress_);
  setSizeGripEnabled(false);
  setContentsMargins(8, 0, 8, 0);
  connect(&activity, &Activity::changed, this, [this](const QString& what) {
    busy_ = what;
    refresh();
  });
  connect(&run, &models::RunModel::changed, this, [this](models::RunChanges what) {
    if (what & (models::RunChange::state | models::RunChange::losses | models::RunChange::scores)) refresh();
  });
  refresh();
}

void StatusStrip::refresh() {
  QString text = run_.stateWord();
  if (run_.state() == "paused") text += tr(": press Resume (F7) to go on");
  if (!run_.stateText().isEmpty()) text += ": " + run_.stateText();
  status_->setText(busy_.isEmpty() ? text : busy_);
  status_->setToolTip(run_.isActive() || run_.isHeld() ? run_.memoryText() : QString());
  left_->setText(run_.progressText());
  const double share = run_.progress();
  const bool waits = share < 0 && (run_.isActive() || run_.isHeld() || !busy_.isEmpty());
  progress_->setEnabled(!run_.isPaused());
  progress_->setVisible(share >= 0 || waits);
  progress_->setRange(0, waits ? 0 : 1000);
  if (!waits) progress_->setValue(static_cast<int>(share * 1000));
}

}  // namespace rind::workbench
