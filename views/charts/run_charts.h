#pragma once

#include <QTimer>

#include "rind/charts/curve_chart.h"
#include "rind/core/label_set.h"
#include "rind/models/run_model.h"

namespace rind::charts {

/// Total loss and its terms over the steps, smoothed over the raw curve, with the changes of parameters.
class LossChart : public CurveChart {
  Q_OBJECT

 public:
  LossChart(const models::RunModel& run, QWidget* parent = nullptr);
  /// Over about that many steps; 0 chooses by the length of the run.
  void setSmoothing(int steps);

 private:
  void refresh();

  const models::RunModel& run_;
  int smoothing_ = 0;
  QTimer later_;
};

/// Validation DSC by class with the mean, over the epochs.
class ScoreChart : public CurveChart {
  Q_OBJECT

 public:
  ScoreChart(const models::RunModel& run, QWidget* parent = nullptr);
  void setLabels(const core::LabelSet& labels);

 private:
  void refresh();

  const models::RunModel& run_;
  core::LabelSet labels_;
  QTimer later_;
};

}  // namespace rind::charts
