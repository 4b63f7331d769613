#include "rind/charts/run_charts.h"

#include <cmath>

#include "rind/charts/run_curves.h"
#include "rind/models/decimate.h"

namespace rind::charts {

LossChart::LossChart(const models::RunModel& run, QWidget* parent) : CurveChart(parent), run_(run) {
  setObjectName("lossChart");
  setAccessibleName(tr("Loss over steps"));
  setAxes(tr("step"), true);
  setEmptyText(tr("The loss appears here with the first steps of a training."));
  later_.setSingleShot(true);
  connect(&later_, &QTimer::timeout, this, &LossChart::refresh);
  connect(&run, &models::RunModel::changed, this, [this](models::RunChanges what) {
    setState(stateOf(run_));
    if (what & (models::RunChange::losses | models::RunChange::markers)) refreshLater(later_);
  });
}

void LossChart::setSmoothing(int steps) {
  smoothing_ = steps;
  refresh();
}

void LossChart::refresh() {
  std::vector<Curve> curves;
  const QColor main = palette().color(QPalette::Highlight);
  const auto& steps = run_.steps();
  std::size_t turn = 0;
  const auto total = run_.losses().find("total");
  if (total != run_.losses().end()) {
    const double weight = smoothingWeight(smoothing_, steps.size());
    curves.push_back(stepCurve(tr("each step"), faded(main, 70), 1.0, steps, total->second));
    curves.push_back(stepCurve(tr("total"), main, 2.2, steps, models::smooth(total->second, weight)));
    for (const auto& [name, values] : run_.losses())
      if (name != "total" && run_.losses().size() > 2)
        curves.push_back(stepCurve(QString::fromStdString(name), turnColour(turn++), 1.4, steps,
                                   models::smooth(values, weight)));
  }
  setCurves(curves);
  setMarkers(stepMarkers(run_));
}

ScoreChart::ScoreChart(const models::RunModel& run, QWidget* parent) : CurveChart(parent), run_(run) {
  setObjectName("scoreChart");
  setAccessibleName(tr("Validation DSC by class over epochs"));
  setAxes(tr("epoch"), true);
  setEmptyText(tr("DSC by organ appears here after the first epoch."));
  setVerticalRange(0, 1);
  setLegendVisible(false);
  later_.setSingleShot(true);
  connect(&later_, &QTimer::timeout, this, &ScoreChart::refresh);
  connect(&run, &models::RunModel::changed, this, [this](models::RunChanges changes) {
    setState(stateOf(run_));
    if (changes & (models::RunChange::scores | models::RunChange::markers)) refreshLater(later_);
  });
}

void ScoreChart::setLabels(const core::LabelSet& labels) {
  labels_ = labels;
  refreshLater(later_);
}

void ScoreChart::refresh() {
  std::map<int, Curve> by_class;
  Curve mean{tr("mean"), palette().color(QPalette::WindowText), 2.6, {}};
  for (const auto& epoch : run_.epochs()) {
    if (std::isfinite(epoch.mean_dsc))
      mean.points.append({static_cast<double>(epoch.at.epoch), epoch.mean_dsc});
    for (const auto& score : epoch.classes) {
      auto& curve = by_class[score.index];
      const auto at = static_cast<std::size_t>(score.index);
      curve.name = QString::fromStdString(score.name);
      curve.colour = at < labels_.size()
                         ? QColor(labels_[at].colour[0], labels_[at].colour[1], labels_[at].colour[2])
                         : turnColour(at);
      if (std::isfinite(score.dsc)) curve.points.append({static_cast<double>(epoch.at.epoch), score.dsc});
    }
  }
  std::vector<Curve> curves;
  for (auto& [index, curve] : by_class) curves.push_back(std::move(curve));
  if (!mean.points.isEmpty()) curves.push_back(std::move(mean));
  setCurves(curves);
  setMarkers(epochMarkers(run_));
}

}  // namespace rind::charts
