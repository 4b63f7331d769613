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

  double weightOfNewest() const;

  const models::RunModel& run_;
  int smoothing_ = 0;
  QTimer later_;
};

/// What is drawn over the epochs.
enum class EpochCurves { dsc, contour_and_interior };

/// Validation DSC by class with the mean, or the shares of the loss on contours and interiors.
class EpochChart : public CurveChart {
  Q_OBJECT

 public:
  EpochChart(const models::RunModel& run, EpochCurves what, QWidget* parent = nullptr);
  void setLabels(const core::LabelSet& labels);

 private:
  void refresh();
  std::vector<Curve> dscCurves() const;
  std::vector<Curve> shareCurves() const;

  const models::RunModel& run_;
  EpochCurves what_;
  core::LabelSet labels_;
  QTimer later_;
};

}  // namespace rind::charts
