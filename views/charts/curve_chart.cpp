#include "rind/charts/curve_chart.h"

#include <QEvent>
#include <QGraphicsLayout>
#include <QLegend>
#include <QLegendMarker>
#include <QLineSeries>
#include <QMouseEvent>
#include <QPainter>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

namespace rind::charts {
namespace {

QColor blended(const QColor& a, const QColor& b, double share) {
  const auto mix = [share](int x, int y) { return static_cast<int>(x + (y - x) * share); };
  return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

// A round step that divides a range into about five.
double niceStep(double range) {
  const double rough = range / 4;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough) return factor * power;
  return 10 * power;
}

QString tickFormat(double step) {
  const int decimals = step >= 1 ? 0 : std::min(6, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  return QStringLiteral("%.") + QString::number(decimals) + QStringLiteral("f");
}

void setTicks(QValueAxis& axis, double low, double high, bool whole_numbers) {
  double step = niceStep(high - low);
  if (whole_numbers) step = std::max(1.0, std::round(step));
  axis.setTickType(QValueAxis::TicksDynamic);
  axis.setTickAnchor(0);
  axis.setTickInterval(step);
  axis.setLabelFormat(tickFormat(step));
  axis.setRange(low, high);
}

}  // namespace

CurveChart::CurveChart(QWidget* parent)
    : QChartView(parent), across_(new QValueAxis(this)), up_(new QValueAxis(this)) {
  setRenderHint(QPainter::Antialiasing);
  setRubberBand(QChartView::RectangleRubberBand);
  setFrameShape(QFrame::NoFrame);
  setMouseTracking(true);
  setMinimumSize(130, 100);
  chart()->setMargins({0, 0, 0, 0});
  chart()->setBackgroundRoundness(0);
  chart()->layout()->setContentsMargins(0, 0, 0, 0);
  chart()->addAxis(across_, Qt::AlignBottom);
  chart()->addAxis(up_, Qt::AlignLeft);
  QFont small = font();
  small.setPointSizeF(small.pointSizeF() * 0.85);
  across_->setLabelsFont(small);
  up_->setLabelsFont(small);
  chart()->legend()->setFont(small);
  chart()->legend()->setAlignment(Qt::AlignTop);
  chart()->legend()->setMarkerShape(QLegend::MarkerShapeRectangle);
  setCurves({});
  applyPalette();
}

void CurveChart::setAxes(const QString& horizontal, bool whole_numbers) {
  across_name_ = horizontal;
  whole_numbers_ = whole_numbers;
}

void CurveChart::setVerticalRange(double low, double high) {
  fixed_range_ = true;
  setTicks(*up_, low, high, false);
}

void CurveChart::setLegendVisible(bool visible) {
  chart()->legend()->setVisible(visible);
}

void CurveChart::setEmptyText(const QString& text) {
  empty_text_ = text;
  viewport()->update();
}

int CurveChart::pointCount() const {
  int count = 0;
  for (const auto& curve : curves_) count += static_cast<int>(curve.points.size());
  return count;
}

void CurveChart::setCurves(const std::vector<Curve>& curves) {
  curves_ = curves;
  while (series_.size() > curves.size()) {
    chart()->removeSeries(series_.back());
    delete series_.back();
    series_.pop_back();
  }
  while (series_.size() < curves.size()) {
    auto* series = new QLineSeries;
    chart()->addSeries(series);
    series->attachAxis(across_);
    series->attachAxis(up_);
    series_.push_back(series);
  }
  for (std::size_t i = 0; i < curves.size(); ++i) {
    series_[i]->setName(curves[i].name);
    series_[i]->setPen(QPen(curves[i].colour, curves[i].width));
    series_[i]->replace(curves[i].points);
  }
  across_->setVisible(pointCount() > 0);
  up_->setVisible(pointCount() > 0);
  if (!zoomed_) fitAxes();
}

void CurveChart::setMarkers(std::vector<ChartMarker> markers) {
  markers_ = std::move(markers);
  viewport()->update();
}

void CurveChart::fitAxes() {
  double left = HUGE_VAL;
  double right = -HUGE_VAL;
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  for (const auto& curve : curves_)
    for (const auto& point : curve.points) {
      left = std::min(left, point.x());
      right = std::max(right, point.x());
      low = std::min(low, point.y());
      high = std::max(high, point.y());
    }
  if (left > right) {
    left = 0;
    right = 10;
    low = 0;
    high = 1;
  }
  if (right - left < 1e-9) right = left + 1;
  setTicks(*across_, left, right, whole_numbers_);
  if (fixed_range_) return;
  const double room = std::max((high - low) * 0.06, 1e-6);
  setTicks(*up_, low >= 0 ? std::max(0.0, low - room) : low - room, high + room, false);
}

void CurveChart::applyPalette() {
  const QColor text = palette().color(QPalette::WindowText);
  const QColor base = palette().color(QPalette::Base);
  const QColor quiet = blended(base, text, 0.62);
  const QColor grid = blended(base, text, 0.13);
  chart()->setBackgroundBrush(base);
  setBackgroundBrush(base);
  for (auto* axis : {across_, up_}) {
    axis->setLabelsColor(quiet);
    axis->setGridLineColor(grid);
    axis->setLinePenColor(blended(base, text, 0.3));
  }
  chart()->legend()->setLabelColor(quiet);
}

void CurveChart::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) applyPalette();
  QChartView::changeEvent(event);
}

void CurveChart::mouseMoveEvent(QMouseEvent* event) {
  pointer_ = event->position();
  viewport()->update();
  QChartView::mouseMoveEvent(event);
  if (event->buttons() & Qt::LeftButton) zoomed_ = true;
}

void CurveChart::leaveEvent(QEvent* event) {
  pointer_ = {-1, -1};
  viewport()->update();
  QChartView::leaveEvent(event);
}

void CurveChart::mouseDoubleClickEvent(QMouseEvent*) {
  zoomed_ = false;
  chart()->zoomReset();
  fitAxes();
  if (fixed_range_) setTicks(*up_, 0, 1, false);
}

void CurveChart::wheelEvent(QWheelEvent* event) {
  zoomed_ = true;
  chart()->zoom(event->angleDelta().y() > 0 ? 1.2 : 1 / 1.2);
  event->accept();
}

void CurveChart::drawForeground(QPainter* painter, const QRectF&) {
  const QRectF plot = chart()->plotArea();
  painter->setFont(across_->labelsFont());
  if (pointCount() == 0) {
    painter->setPen(blended(palette().color(QPalette::Base), palette().color(QPalette::WindowText), 0.55));
    painter->drawText(plot, Qt::AlignCenter | Qt::TextWordWrap, empty_text_);
    return;
  }
  drawMarkers(*painter, plot);
  if (plot.contains(pointer_)) drawReadOut(*painter, plot);
}

void CurveChart::drawMarkers(QPainter& painter, const QRectF& plot) const {
  const QColor colour = palette().color(QPalette::Highlight);
  const QFontMetricsF metrics(painter.font());
  double free_from = plot.left();
  int row = 0;
  for (const auto& marker : markers_) {
    if (marker.x < across_->min() || marker.x > across_->max()) continue;
    const double x =
        plot.left() + (marker.x - across_->min()) / (across_->max() - across_->min()) * plot.width();
    painter.setPen(QPen(colour, 1, Qt::DashLine));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    const double width = metrics.horizontalAdvance(marker.text) + 8;
    row = x < free_from ? (row + 1) % 4 : 0;
    free_from = std::max(free_from, x + width);
    const double left = std::min(x + 3, plot.right() - width);
    QColor back = palette().color(QPalette::Base);
    back.setAlpha(215);
    const QRectF box(left, plot.top() + 2 + row * (metrics.height() + 2), width, metrics.height() + 1);
    painter.fillRect(box, back);
    painter.setPen(colour);
    painter.drawText(box, Qt::AlignCenter, marker.text);
  }
}

void CurveChart::drawReadOut(QPainter& painter, const QRectF& plot) const {
  const double x =
      across_->min() + (pointer_.x() - plot.left()) / plot.width() * (across_->max() - across_->min());
  QStringList lines{QStringLiteral("%1 %2").arg(across_name_).arg(x, 0, 'f', whole_numbers_ ? 0 : 1)};
  for (const auto& curve : curves_) {
    const auto at = std::min_element(
        curve.points.begin(), curve.points.end(),
        [x](const auto& a, const auto& b) { return std::abs(a.x() - x) < std::abs(b.x() - x); });
    if (at != curve.points.end()) lines << QStringLiteral("%1  %2").arg(curve.name).arg(at->y(), 0, 'g', 4);
  }
  const QFontMetricsF metrics(painter.font());
  double width = 0;
  for (const auto& line : lines) width = std::max(width, metrics.horizontalAdvance(line));
  const double height = metrics.height() * static_cast<double>(lines.size());
  const double left =
      pointer_.x() + width + 24 < plot.right() ? pointer_.x() + 12 : pointer_.x() - width - 20;
  const QRectF box(left, std::max(2.0, std::min(pointer_.y(), plot.bottom() - height - 8)), width + 10,
                   height + 6);
  painter.setPen(Qt::NoPen);
  painter.setBrush(palette().color(QPalette::ToolTipBase));
  painter.drawRoundedRect(box, 3, 3);
  painter.setPen(palette().color(QPalette::ToolTipText));
  painter.drawText(box.adjusted(5, 3, 0, 0), Qt::AlignLeft | Qt::AlignTop, lines.join('\n'));
  painter.drawLine(QPointF(pointer_.x(), plot.top()), QPointF(pointer_.x(), plot.bottom()));
}

}  // namespace rind::charts
