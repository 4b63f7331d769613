#include "rind/panels/share_bar.h"

#include <QApplication>
#include <QPainter>

namespace rind::panels {

// Vermilion and blue: told apart by the colour-blind too.
const QColor kContourColour(0xD5, 0x5E, 0x00);
const QColor kInteriorColour(0x00, 0x72, 0xB2);

void ShareBar::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  QStyleOptionViewItem cell = option;
  initStyleOption(&cell, index);
  const QString text = cell.text;
  cell.text.clear();
  QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);

  QRectF box = QRectF(option.rect).adjusted(4, 6, -4, -6);
  if (!text.isEmpty()) {
    const int room = QFontMetrics(cell.font).horizontalAdvance(QStringLiteral("100%")) + 2;
    const QRectF words(box.right() - room, option.rect.top(), room, option.rect.height());
    painter->setPen(cell.palette.color(QPalette::Text));
    painter->setFont(cell.font);
    painter->drawText(words, Qt::AlignRight | Qt::AlignVCenter, text);
    box.setRight(words.left() - 2);
  }
  const auto contour = index.data(kContourShareRole);
  if (!contour.isValid()) return;
  const double first = box.width() * contour.toDouble();
  const double second = box.width() * index.data(kInteriorShareRole).toDouble();
  painter->fillRect(QRectF(box.left(), box.top(), first, box.height()), kContourColour);
  painter->fillRect(QRectF(box.left() + first, box.top(), second, box.height()), kInteriorColour);
}

}  // namespace rind::panels
