#pragma once

#include <QStyledItemDelegate>

namespace rind::panels {

/// Item data that ShareBar draws: lengths of the two parts as shares of the column, and the text beside them.
constexpr int kContourShareRole = Qt::UserRole + 10;
constexpr int kInteriorShareRole = Qt::UserRole + 11;

/// The colours of contour and interior wherever the two are compared.
extern const QColor kContourColour;
extern const QColor kInteriorColour;

/// A bar of two parts, contour and interior, with the item's text to its right where it has one.
class ShareBar : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace rind::panels
