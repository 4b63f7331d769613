#pragma once

#include <QLabel>
#include <QSlider>
#include <QTimer>
#include <QToolButton>
#include <QWidget>

#include "rind/models/run_model.h"

namespace rind::panels {

/// Chooses the epoch whose prediction is shown; follows the newest while it stands at the end, and plays.
class EpochScrubber : public QWidget {
  Q_OBJECT

 public:
  explicit EpochScrubber(const models::RunModel& run, QWidget* parent = nullptr);

  /// The answer to an epoch that was chosen: why its prediction is not there, empty when it is. Playing waits
  /// for it before each turn.
  void setProblem(const QString& text);

  /// A press on the slider's groove goes there, not a page towards it.
  bool eventFilter(QObject* watched, QEvent* event) override;

 Q_SIGNALS:
  void epochChosen(int epoch);

 private:
  void refresh();
  void describe();
  void play(bool on);

  const models::RunModel& run_;
  QSlider* slider_;
  QLabel* label_;
  QToolButton* play_;
  QTimer turn_;
  QString problem_;
  bool waiting_ = false;  // for the prediction of the epoch chosen last
};

}  // namespace rind::panels
