#pragma once

#include <QStyledItemDelegate>

namespace rind::panels {

/// Of a line's item: what the case is for, in a word; may be empty.
constexpr int kPurposeRole = Qt::UserRole + 1;
/// What is wrong with it, in a line; empty where nothing is known to be.
constexpr int kProblemRole = Qt::UserRole + 2;
/// Whether it was looked at and is fine.
constexpr int kCheckedRole = Qt::UserRole + 3;

/// A line of the case list: its picture, its name, a tick, and below or beside it what is wrong or what it is
/// for. No wider than the list: a long name is cut in its middle.
class CaseLineDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace rind::panels
