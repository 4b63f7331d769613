#include "rind/panels/slice_furniture.h"

#include <algorithm>

namespace rind::panels {
namespace {

const QColor kInk(0xD8, 0xDE, 0xE6);
const QColor kShadow(0, 0, 0, 220);
const QColor kPlate(10, 11, 13, 150);
const QColor kCross(0x8C, 0xC8, 0xFF, 150);
constexpr double kRoomBeside = 10;
constexpr double kLengths[] = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2,
                               0.5,   1,     2,     5,    10,   20,   50,  100};  // mm

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

struct ScaleBar {
  QLineF line;
  QString text;
};

ScaleBar scaleBarOf(const SliceFurniture& slice) {
  const double per_mm = slice.frame.pixels_per_mm / slice.ratio;
  double length = kLengths[0];
  for (const double mm : kLengths)
    if (mm * per_mm < slice.size.width() * 0.22) length = mm;
  const double right = slice.size.width() - 10;
  const double bottom = slice.size.height() - 24;
  return {QLineF(right - length * per_mm, bottom, right, bottom), QObject::tr("%1 mm").arg(length)};
}

void drawLine(QPainter& painter, const QLineF& line, bool rimmed) {
  if (rimmed) {
    painter.setPen(QPen(kShadow, 4));
    painter.drawLine(line);
  }
  painter.setPen(QPen(kInk, 2));
  painter.drawLine(line);
}

QString titleOf(const SliceFurniture& slice) {
  return QObject::tr("%1  %2/%3")
      .arg(planeName(slice.plane))
      .arg(models::along(slice.model.cursor(), slice.axes.through) + 1)
      .arg(models::along(slice.model.loaded().prepared.size(), slice.axes.through));
}

/// Puts texts where they are wanted, or beside what is there already.
class Placing {
 public:
  Placing(QPainter& painter, std::vector<SliceText>& texts) : painter_(painter), texts_(texts) {}

  void add(const QRectF& box, int flags, const QString& text) {
    if (!text.isEmpty()) texts_.push_back({box, flags, text, painter_.boundingRect(box, flags, text)});
  }

  /// Above what stands at the bottom.
  void addAbove(QRectF box, int flags, const QString& text) {
    for (const auto& other : texts_)
      if (painter_.boundingRect(box, flags, text).intersects(other.covered)) {
        flags = (flags & ~static_cast<int>(Qt::AlignVertical_Mask)) | Qt::AlignBottom;
        box.setBottom(std::min(box.bottom(), other.covered.top()));
      }
    add(box, flags, text);
  }

  /// Right of what stands at the left.
  void addBeside(QRectF box, int flags, const QString& text) {
    for (const auto& other : texts_)
      if (painter_.boundingRect(box, flags, text).intersects(other.covered)) {
        flags = (flags & ~static_cast<int>(Qt::AlignHorizontal_Mask)) | Qt::AlignLeft;
        box.setLeft(other.covered.right() + kRoomBeside);
      }
    add(box, flags, text);
  }

 private:
  QPainter& painter_;
  std::vector<SliceText>& texts_;
};

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

std::vector<SliceText> sliceTexts(QPainter& painter, const SliceFurniture& slice) {
  std::vector<SliceText> texts;
  Placing place(painter, texts);
  const QRectF inner = QRectF({}, slice.size).adjusted(8, 6, -8, -6);
  const auto letter = [&](std::size_t i) { return QString(QLatin1Char(slice.axes.letters[i])); };
  place.add(inner, Qt::AlignTop | Qt::AlignLeft, titleOf(slice));
  const auto [line, length] = scaleBarOf(slice);
  place.add({line.x2() - 100, line.y2() + 2, 100, 18}, Qt::AlignRight | Qt::AlignTop, length);
  texts.back().covered |= QRectF(line.p1(), line.p2()).adjusted(0, -4, 0, 4);
  QRectF beside = inner;
  beside.setRight(texts.back().covered.left() - kRoomBeside);
  place.add(beside, Qt::AlignBottom | Qt::AlignLeft | Qt::TextWordWrap, slice.read_out);
  texts.back().plate = !slice.read_out.isEmpty();
  place.addAbove(inner, Qt::AlignVCenter | Qt::AlignLeft, letter(0));
  place.addAbove(inner, Qt::AlignVCenter | Qt::AlignRight, letter(1));
  place.addBeside(inner, Qt::AlignTop | Qt::AlignHCenter, letter(2));
  place.addAbove(inner.adjusted(0, 0, 0, -14), Qt::AlignBottom | Qt::AlignHCenter, letter(3));
  return texts;
}

void drawFurniture(QPainter& painter, const SliceFurniture& slice) {
  drawCross(painter, slice);
  QFont small = painter.font();
  small.setPointSizeF(small.pointSizeF() * 0.9);
  painter.setFont(small);
  drawLine(painter, scaleBarOf(slice).line, slice.rimmed);
  for (const auto& text : sliceTexts(painter, slice)) {
    if (text.plate) painter.fillRect(text.covered.adjusted(-4, -2, 4, 2), kPlate);
    drawLetters(painter, text.box, text.flags, text.text, slice.rimmed);
  }
}

}  // namespace rind::panels
