#include "rind/charts/run_charts.h"

#include <cmath>

#include "rind/models/decimate.h"

namespace rind::charts {
namespace {

constexpr std::size_t kBuckets = 600;
constexpr int kRefreshMilliseconds = 80;

QList<QPointF> pointsOf(const std::vector<double>& x, const std::vector<double>& y) {
  QList<QPointF> points;
  for (const auto& point : models::decimate(x, y, kBuckets)) points.append({point.x, point.y});
  return points;
}

QColor faded(QColor colour, int alpha) {
  colour.setAlpha(alpha);
  return colour;
}

// For the terms of a loss, in the order of their names; told apart by the colour-blind.
QColor termColour(std::size_t turn) {
  static const QColor colours[] = {QColor(0xE6, 0x9F, 0x00), QColor(0x00, 0x9E, 0x73),
                                   QColor(0xCC, 0x79, 0xA7), QColor(0x56, 0xB4, 0xE9),
                                   QColor(0xD5, 0x5E, 0x00)};
  return colours[turn % 5];
}

QString stateOf(const models::RunModel& run) {
  return run.state() == "paused" ? QObject::tr("❚❚ paused") : QString();
}

void refreshLater(QTimer& timer) {
  if (!timer.isActive()) timer.start(kRefreshMilliseconds);
}

}  // namespace

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

// As for an exponential average with the same mean age as a plain one over so many steps.
double LossChart::weightOfNewest() const {
  if (smoothing_ > 0) return 2.0 / (smoothing_ + 1);
  return std::max(0.05, std::min(1.0, 40.0 / static_cast<double>(run_.steps().size() + 1)));
}

void LossChart::refresh() {
  std::vector<Curve> curves;
  const QColor main = palette().color(QPalette::Highlight);
  std::size_t turn = 0;
  const auto total = run_.losses().find("total");
  if (total != run_.losses().end()) {
    const double weight = weightOfNewest();
    curves.push_back({tr("each step"), faded(main, 70), 1.0, pointsOf(run_.steps(), total->second)});
    curves.push_back({tr("total"), main, 2.2, pointsOf(run_.steps(), models::smooth(total->second, weight))});
    for (const auto& [name, values] : run_.losses())
      if (name != "total" && run_.losses().size() > 2)
        curves.push_back({QString::fromStdString(name), termColour(turn++), 1.4,
                          pointsOf(run_.steps(), models::smooth(values, weight))});
  }
  setCurves(curves);
  std::vector<ChartMarker> markers;
  for (const auto& marker : run_.markers()) markers.push_back({marker.step, marker.text});
  setMarkers(std::move(markers));
}

EpochChart::EpochChart(const models::RunModel& run, EpochCurves what, QWidget* parent)
    : CurveChart(parent), run_(run), what_(what) {
  const bool dsc = what == EpochCurves::dsc;
  setObjectName(dsc ? "scoreChart" : "shareChart");
  setAccessibleName(dsc ? tr("Validation DSC by class over epochs")
                        : tr("Contour and interior loss over epochs"));
  setAxes(tr("epoch"), true);
  setEmptyText(dsc ? tr("DSC by organ appears here after the first epoch.")
                   : tr("How much of the loss lies on contours and how much inside, after the first epoch."));
  if (dsc) setVerticalRange(0, 1);
  setLegendVisible(!dsc);
  later_.setSingleShot(true);
  connect(&later_, &QTimer::timeout, this, &EpochChart::refresh);
  connect(&run, &models::RunModel::changed, this, [this](models::RunChanges changes) {
    setState(stateOf(run_));
    if (changes & (models::RunChange::scores | models::RunChange::markers)) refreshLater(later_);
  });
}

void EpochChart::setLabels(const core::LabelSet& labels) {
  labels_ = labels;
  refreshLater(later_);
}

std::vector<Curve> EpochChart::dscCurves() const {
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
                         : termColour(at);
      if (std::isfinite(score.dsc)) curve.points.append({static_cast<double>(epoch.at.epoch), score.dsc});
    }
  }
  std::vector<Curve> curves;
  for (auto& [index, curve] : by_class) curves.push_back(std::move(curve));
  if (!mean.points.isEmpty()) curves.push_back(std::move(mean));
  return curves;
}

std::vector<Curve> EpochChart::shareCurves() const {
  Curve contour{tr("contour"), QColor(0xD5, 0x5E, 0x00), 2, {}};
  Curve interior{tr("interior"), QColor(0x00, 0x72, 0xB2), 2, {}};
  for (const auto& epoch : run_.epochs()) {
    if (epoch.losses.empty()) continue;
    double contours = 0;
    double interiors = 0;
    for (const auto& share : epoch.losses) {
      contours += std::isfinite(share.contour) ? share.contour : 0;
      interiors += std::isfinite(share.interior) ? share.interior : 0;
    }
    const auto count = static_cast<double>(epoch.losses.size());
    contour.points.append({static_cast<double>(epoch.at.epoch), contours / count});
    interior.points.append({static_cast<double>(epoch.at.epoch), interiors / count});
  }
  if (contour.points.isEmpty()) return {};
  return {contour, interior};
}

void EpochChart::refresh() {
  setCurves(what_ == EpochCurves::dsc ? dscCurves() : shareCurves());
  std::vector<ChartMarker> markers;
  for (const auto& marker : run_.markers())
    markers.push_back({static_cast<double>(marker.epoch), marker.text});
  setMarkers(std::move(markers));
}

}  // namespace rind::charts
