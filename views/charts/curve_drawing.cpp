// What CurveChart draws over its curves: its empty text, markers and the read-out under the cursor.
#include <QPainter>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

#include "rind/charts/chart_axis.h"
#include "rind/charts/curve_chart.h"
#include "rind/charts/marker_labels.h"

namespace rind::charts {
namespace {

constexpr double kWidestLabel = 0.45;  // of the plot's width; the read-out has all of it
constexpr double kNear = 5;            // pixels between the pointer and a marker that it reads

}  // namespace

void CurveChart::drawForeground(QPainter* painter, const QRectF&) {
  const QRectF plot = chart()->plotArea();
  painter->setFont(across_->labelsFont());
  if (pointCount() == 0) {
    painter->setPen(blended(palette().color(QPalette::Base), palette().color(QPalette::WindowText), 0.55));
    painter->drawText(plot, Qt::AlignCenter | Qt::TextWordWrap, empty_text_);
    return;
  }
  drawMarkers(*painter, plot);
  painter->setPen(palette().color(QPalette::WindowText));
  painter->drawText(stateBox(), Qt::AlignCenter, state_);
  if (plot.contains(pointer_)) drawReadOut(*painter, plot);
}

double CurveChart::pixelOf(double x) const {
  const QRectF plot = chart()->plotArea();
  return plot.left() + (x - across_->min()) / (across_->max() - across_->min()) * plot.width();
}

QRectF CurveChart::stateBox() const {
  if (state_.isEmpty()) return {};
  const QFontMetricsF metrics(across_->labelsFont());
  const QRectF plot = chart()->plotArea();
  const double width = metrics.horizontalAdvance(state_) + 8;
  return {plot.right() - width, plot.top() + 2, width, metrics.height() + 1};
}

std::vector<QRectF> CurveChart::markerBoxes() const {
  const QFontMetricsF metrics(across_->labelsFont());
  const QRectF plot = chart()->plotArea();
  std::vector<LabelWish> wishes;
  for (const auto& marker : markers_) {
    const double width = std::min(metrics.horizontalAdvance(marker.text) + 8, plot.width() * kWidestLabel);
    wishes.push_back({pixelOf(marker.x), width});
  }
  return placeLabels(plot, metrics.height() + 1, wishes, stateBox());
}

void CurveChart::drawMarkers(QPainter& painter, const QRectF& plot) const {
  const QColor colour = palette().color(QPalette::Highlight);
  painter.setPen(QPen(colour, 1, Qt::DashLine));
  for (const auto& marker : markers_) {
    const double x = pixelOf(marker.x);
    if (x >= plot.left() && x <= plot.right())
      painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
  }
  const QFontMetricsF metrics(painter.font());
  QColor back = palette().color(QPalette::Base);
  back.setAlpha(215);
  painter.setPen(colour);
  const auto boxes = markerBoxes();
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].isEmpty()) continue;
    painter.fillRect(boxes[i], back);
    painter.drawText(boxes[i], Qt::AlignCenter,
                     metrics.elidedText(markers_[i].text, Qt::ElideRight, boxes[i].width() - 4));
  }
}

void CurveChart::drawReadOut(QPainter& painter, const QRectF& plot) const {
  const double x =
      across_->min() + (pointer_.x() - plot.left()) / plot.width() * (across_->max() - across_->min());
  QStringList lines{QStringLiteral("%1 %2").arg(across_name_).arg(x, 0, 'f', whole_numbers_ ? 0 : 1)};
  for (const auto& curve : curves_) {
    if (hidden_.contains(curve.name)) continue;
    const auto at = std::min_element(
        curve.points.begin(), curve.points.end(),
        [x](const auto& a, const auto& b) { return std::abs(a.x() - x) < std::abs(b.x() - x); });
    if (at != curve.points.end()) lines << QStringLiteral("%1  %2").arg(curve.name).arg(at->y(), 0, 'g', 4);
  }
  for (const auto& marker : markers_)
    if (std::abs(pixelOf(marker.x) - pointer_.x()) < kNear) lines << marker.text;
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
