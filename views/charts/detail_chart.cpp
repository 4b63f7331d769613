#include "rind/charts/detail_chart.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rind/charts/run_curves.h"
#include "rind/models/decimate.h"

namespace rind::charts {
namespace {

constexpr int kAllClasses = -1;
constexpr auto kNan = std::numeric_limits<double>::quiet_NaN();

// Mean over the classes, what is not finite counting 0; of one class its own, not finite where it has none.
messages::ClassLoss lossOf(const messages::Epoch& epoch, int label) {
  messages::ClassLoss sum{label, 0, 0};
  for (const auto& share : epoch.losses) {
    if (share.index == label) return share;
    sum.contour += std::isfinite(share.contour) ? share.contour : 0;
    sum.interior += std::isfinite(share.interior) ? share.interior : 0;
  }
  const double count = label == kAllClasses ? static_cast<double>(epoch.losses.size()) : 0;
  return {label, count > 0 ? sum.contour / count : kNan, count > 0 ? sum.interior / count : kNan};
}

}  // namespace

DetailChart::DetailChart(const models::RunModel& run, const models::CaseModel& shown, QWidget* parent)
    : CurveChart(parent), run_(run), case_(shown) {
  setObjectName("shareChart");
  later_.setSingleShot(true);
  connect(&later_, &QTimer::timeout, this, &DetailChart::refresh);
  connect(&run, &models::RunModel::changed, this, [this](models::RunChanges what) {
    setState(stateOf(run_));
    const auto curves = isOverSteps() ? models::RunChange::losses : models::RunChange::scores;
    if (what & (curves | models::RunChange::markers)) refreshLater(later_);
  });
  connect(&shown, &models::CaseModel::changed, this, [this](models::Changes what) {
    if ((what & models::Change::selection) && detail_ == Detail::organ_regions) choose(detail_);
  });
  describe();
}

bool DetailChart::isOverSteps() const {
  return detail_ == Detail::learning_rate || detail_ == Detail::patch_rate;
}

void DetailChart::choose(Detail detail) {
  detail_ = detail;
  refresh();
  showAll();
}

void DetailChart::setLabels(const core::LabelSet& labels) {
  labels_ = labels;
  refreshLater(later_);
}

QString DetailChart::organName() const {
  const auto at = static_cast<std::size_t>(case_.selected());
  return at < labels_.size() ? QString::fromStdString(labels_[at].name) : tr("class %1").arg(at);
}

void DetailChart::describe() {
  setAxes(isOverSteps() ? tr("step") : tr("epoch"), true);
  const bool known = !run_.epochs().empty();
  switch (detail_) {
    case Detail::regions:
      setAccessibleName(tr("Contour and interior loss over epochs"));
      setEmptyText(tr("How much of the loss lies on contours and how much inside, after the first epoch."));
      break;
    case Detail::organ_regions:
      setAccessibleName(tr("Contour and interior loss of the selected organ over epochs"));
      setEmptyText(
          case_.selected() == 0 ? tr("Select an organ: click its name in the table of organs.")
          : known ? tr("This run's epochs do not say the loss of %1 by region.").arg(organName())
                  : tr("The loss of %1, on its contour and inside, after the first epoch.").arg(organName()));
      break;
    case Detail::learning_rate:
      setAccessibleName(tr("Learning rate over steps"));
      setEmptyText(tr("The learning rate appears here with the first steps of a training."));
      break;
    case Detail::patch_rate:
      setAccessibleName(tr("Patches a second over steps"));
      setEmptyText(run_.steps().empty()
                       ? tr("Patches trained a second appear here with the first steps of a training.")
                       : tr("This run's steps do not say how long they took."));
  }
}

std::vector<Curve> DetailChart::regionCurves() const {
  const bool one = detail_ == Detail::organ_regions;
  const int label = one ? case_.selected() : kAllClasses;
  if (label == 0) return {};
  const auto named = [&](const QString& region) { return one ? organName() + ": " + region : region; };
  Curve contour{named(tr("contour")), QColor(0xD5, 0x5E, 0x00), 2, {}};
  Curve interior{named(tr("interior")), QColor(0x00, 0x72, 0xB2), 2, {}};
  for (const auto& epoch : run_.epochs()) {
    const auto loss = lossOf(epoch, label);
    const auto at = static_cast<double>(epoch.at.epoch);
    if (std::isfinite(loss.contour)) contour.points.append({at, loss.contour});
    if (std::isfinite(loss.interior)) interior.points.append({at, loss.interior});
  }
  if (contour.points.isEmpty() && interior.points.isEmpty()) return {};
  return {contour, interior};
}

std::vector<Curve> DetailChart::rateCurves() const {
  const QColor colour = palette().color(QPalette::Highlight);
  const auto& steps = run_.steps();
  if (detail_ == Detail::learning_rate)
    return {stepCurve(tr("learning rate"), colour, 2, steps, run_.learningRates())};
  const auto& rates = run_.patchRates();
  const double weight = smoothingWeight(0, steps.size());
  return {stepCurve(tr("each step"), faded(colour, 70), 1, steps, rates),
          stepCurve(tr("mean"), colour, 2.2, steps, models::smooth(rates, weight))};
}

void DetailChart::refresh() {
  describe();
  auto curves = isOverSteps() ? rateCurves() : regionCurves();
  std::erase_if(curves, [](const Curve& curve) { return curve.points.isEmpty(); });
  setCurves(curves);
  setMarkers(isOverSteps() ? stepMarkers(run_) : epochMarkers(run_));
}

}  // namespace rind::charts
