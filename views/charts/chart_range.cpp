// Which part of its curves a CurveChart shows: the whole of them, or what was zoomed to.
#include <QLogValueAxis>
#include <QMouseEvent>
#include <QValueAxis>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "rind/charts/chart_axis.h"
#include "rind/charts/curve_chart.h"

namespace rind::charts {
namespace {

constexpr double kNotch = 1.2;
// What may be seen, as a share of the whole.
constexpr double kWidest = 4;
constexpr double kNarrowest = 1e-6;

}  // namespace

void CurveChart::measureWhole() {
  double left = HUGE_VAL;
  double right = -HUGE_VAL;
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  for (const auto& curve : curves_)
    for (const auto& point : curve.points) {
      if (hidden_.contains(curve.name) || (logarithmic_ && point.y() <= 0)) continue;
      left = std::min(left, point.x());
      right = std::max(right, point.x());
      low = std::min(low, point.y());
      high = std::max(high, point.y());
    }
  if (left > right) {
    left = 0;
    right = 10;
    low = logarithmic_ ? 0.1 : 0;
    high = 1;
  }
  if (right - left < 1e-9) {  // a dot in the middle
    left -= 1;
    right += 1;
  }
  whole_across_ = {left, right};
  const double size = std::max({std::abs(low), std::abs(high), 1e-12});
  const double room = high - low > 1e-6 * size ? (high - low) * 0.06 : 0.1 * size;
  if (logarithmic_)
    whole_up_ = {low / 1.1, high * 1.1};
  else
    whole_up_ = fixed_.value_or(Range{low >= 0 ? std::max(0.0, low - room) : low - room, high + room});
}

void CurveChart::fitAxes() {
  setTicks(*across_, whole_across_.low, whole_across_.high, whole_numbers_);
  if (logarithmic_)
    powers_->setRange(whole_up_.low, whole_up_.high);
  else
    setTicks(*up_, whole_up_.low, whole_up_.high, false);
}

void CurveChart::showAll() {
  zoomed_ = false;
  fitAxes();
}

// The range around the same middle, as wide as it may be.
CurveChart::Range CurveChart::held(const Range& shown, const Range& whole) {
  const double all = whole.high - whole.low;
  const double width = shown.high - shown.low;
  const double allowed = std::clamp(width, kNarrowest * all, kWidest * all);
  if (allowed == width) return shown;
  const double middle = (shown.low + shown.high) / 2;
  return {middle - allowed / 2, middle + allowed / 2};
}

void CurveChart::holdRanges() {
  const Range across = held({across_->min(), across_->max()}, whole_across_);
  across_->setRange(across.low, across.high);
  if (logarithmic_) {
    const Range powers = held({std::log10(powers_->min()), std::log10(powers_->max())},
                              {std::log10(whole_up_.low), std::log10(whole_up_.high)});
    powers_->setRange(std::pow(10, powers.low), std::pow(10, powers.high));
    return;
  }
  const Range up = held({up_->min(), up_->max()}, whole_up_);
  up_->setRange(up.low, up.high);
}

// The left button ends a rubber band, the right one zooms out.
void CurveChart::mouseReleaseEvent(QMouseEvent* event) {
  QChartView::mouseReleaseEvent(event);
  if (pointCount() == 0) return;
  if (event->button() == Qt::RightButton) zoomed_ = true;
  if (zoomed_) holdRanges();
}

void CurveChart::mouseDoubleClickEvent(QMouseEvent*) {
  showAll();
}

void CurveChart::wheelEvent(QWheelEvent* event) {
  event->accept();
  const int turned = event->angleDelta().y();
  if (turned == 0 || pointCount() == 0) return;
  zoomed_ = true;
  chart()->zoom(turned > 0 ? kNotch : 1 / kNotch);
  holdRanges();
}

}  // namespace rind::charts
