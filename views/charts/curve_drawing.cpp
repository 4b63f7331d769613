// What CurveChart draws over its curves: its empty text, markers and the read-out under the cursor.
#include <QPainter>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

#include "rind/charts/chart_axis.h"
#include "rind/charts/curve_chart.h"

namespace rind::charts {

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
  painter->drawText(plot.adjusted(0, 2, -4, 0), Qt::AlignRight | Qt::AlignTop, state_);
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
    if (hidden_.contains(curve.name)) continue;
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
