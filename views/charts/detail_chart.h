#pragma once

#include <QTimer>

#include "rind/charts/curve_chart.h"
#include "rind/core/label_set.h"
#include "rind/models/case_model.h"
#include "rind/models/run_model.h"

namespace rind::charts {

/// What the detail chart shows: the loss on contours and inside, of all organs or of the one that is
/// selected, over epochs; the learning rate, or patches trained a second, over steps.
enum class Detail { regions, organ_regions, learning_rate, patch_rate };

/// One detail of a run, chosen by hand.
class DetailChart : public CurveChart {
  Q_OBJECT

 public:
  DetailChart(const models::RunModel& run, const models::CaseModel& shown, QWidget* parent = nullptr);

  void choose(Detail detail);
  void setLabels(const core::LabelSet& labels);

 private:
  void refresh();
  bool isOverSteps() const;
  QString organName() const;
  void describe();
  std::vector<Curve> regionCurves() const;
  std::vector<Curve> rateCurves() const;

  const models::RunModel& run_;
  const models::CaseModel& case_;
  core::LabelSet labels_;
  Detail detail_ = Detail::regions;
  QTimer later_;
};

}  // namespace rind::charts
