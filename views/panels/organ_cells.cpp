#include "rind/panels/organ_cells.h"

#include <QGuiApplication>
#include <QPainter>

namespace rind::panels {

void TrendLine::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  QStyledItemDelegate::paint(painter, option, index);
  const auto values = index.data(kTrendRole).toList();
  if (values.size() < 2) return;
  const QRectF box = QRectF(option.rect).adjusted(4, 4, -4, -4);
  QPolygonF line;
  for (int i = 0; i < values.size(); ++i)
    line << QPointF(box.left() + box.width() * i / static_cast<double>(values.size() - 1),
                    box.bottom() - box.height() * values[i].toDouble());
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(QPen(QGuiApplication::palette().color(QPalette::Highlight), 1.5));
  painter->drawPolyline(line);
  painter->restore();
}

QString numberText(double value, int decimals) {
  if (std::isinf(value)) return QStringLiteral("∞");
  return std::isfinite(value) ? QString::number(value, 'f', decimals) : QStringLiteral("–");
}

}  // namespace rind::panels
