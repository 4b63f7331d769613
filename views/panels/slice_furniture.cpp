#include "rind/panels/slice_furniture.h"

#include <QPainterPath>

namespace rind::panels {
namespace {

const QColor kInk(0xD8, 0xDE, 0xE6);
const QColor kShadow(0, 0, 0, 220);
const QColor kCross(0x8C, 0xC8, 0xFF, 150);

std::int64_t along(const core::Index3& at, int axis) {
  return axis == 0 ? at.z : axis == 1 ? at.y : at.x;
}

// Light letters with a shadow, or a rim, readable on any tissue.
void drawLetters(QPainter& painter, const QRectF& box, int flags, const QString& text, bool rimmed) {
  const auto write = [&](const QColor& colour, double right, double down) {
    painter.setPen(colour);
    painter.drawText(box.translated(right, down), flags, text);
  };
  if (rimmed)
    for (const auto& [right, down] : {std::pair(-1, 0), {0, -1}, {-1, -1}, {1, 0}, {0, 1}, {1, -1}, {-1, 1}})
      write(kShadow, right, down);
  write(kShadow, 1, 1);
  write(kInk, 0, 0);
}

void drawCross(QPainter& painter, const SliceFurniture& slice) {
  constexpr double kGap = 8;
  const auto cross = models::pixelOf(slice.model, slice.axes, slice.frame, slice.model.cursor());
  const QPointF at(cross[0] / slice.ratio, cross[1] / slice.ratio);
  painter.setPen(QPen(kCross, 1));
  painter.drawLine(QPointF(at.x(), 0), QPointF(at.x(), at.y() - kGap));
  painter.drawLine(QPointF(at.x(), at.y() + kGap), QPointF(at.x(), slice.size.height()));
  painter.drawLine(QPointF(0, at.y()), QPointF(at.x() - kGap, at.y()));
  painter.drawLine(QPointF(at.x() + kGap, at.y()), QPointF(slice.size.width(), at.y()));
}

void drawScaleBar(QPainter& painter, const SliceFurniture& slice) {
  const double per_mm = slice.frame.pixels_per_mm / slice.ratio;
  double length = 1;
  for (const double mm : {2.0, 5.0, 10.0, 20.0, 50.0, 100.0})
    if (mm * per_mm < slice.size.width() * 0.22) length = mm;
  const double right = slice.size.width() - 10;
  const double bottom = slice.size.height() - 24;
  const QLineF bar(right - length * per_mm, bottom, right, bottom);
  if (slice.rimmed) {
    painter.setPen(QPen(kShadow, 4));
    painter.drawLine(bar);
  }
  painter.setPen(QPen(kInk, 2));
  painter.drawLine(bar);
  drawLetters(painter, QRectF(right - 100, bottom + 2, 100, 18), Qt::AlignRight | Qt::AlignTop,
              QObject::tr("%1 mm").arg(length), slice.rimmed);
}

}  // namespace

QString planeName(models::Plane plane) {
  switch (plane) {
    case models::Plane::coronal:
      return QObject::tr("coronal");
    case models::Plane::sagittal:
      return QObject::tr("sagittal");
    case models::Plane::axial:
      break;
  }
  return QObject::tr("axial");
}

void drawFurniture(QPainter& painter, const SliceFurniture& slice) {
  drawCross(painter, slice);
  QFont small = painter.font();
  small.setPointSizeF(small.pointSizeF() * 0.9);
  painter.setFont(small);
  const QRectF inner = QRectF({}, slice.size).adjusted(8, 6, -8, -6);
  const auto write = [&](const QRectF& box, int flags, const QString& text) {
    drawLetters(painter, box, flags, text, slice.rimmed);
  };
  write(inner, Qt::AlignTop | Qt::AlignLeft,
        QObject::tr("%1  %2/%3")
            .arg(planeName(slice.plane))
            .arg(along(slice.model.cursor(), slice.axes.through) + 1)
            .arg(models::along(slice.model.loaded().prepared.size(), slice.axes.through)));
  const auto letter = [&](std::size_t i) { return QString(QLatin1Char(slice.axes.letters[i])); };
  write(inner, Qt::AlignVCenter | Qt::AlignLeft, letter(0));
  write(inner, Qt::AlignVCenter | Qt::AlignRight, letter(1));
  write(inner, Qt::AlignTop | Qt::AlignHCenter, letter(2));
  write(inner.adjusted(0, 0, 0, -14), Qt::AlignBottom | Qt::AlignHCenter, letter(3));
  write(inner, Qt::AlignBottom | Qt::AlignLeft, slice.read_out);
  drawScaleBar(painter, slice);
}

}  // namespace rind::panels
