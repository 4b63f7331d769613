#pragma once

#include <QStyledItemDelegate>
#include <QTableWidgetItem>
#include <cmath>

namespace rind::panels {

/// A number that sorts as one, with what has none last.
class NumberItem : public QTableWidgetItem {
 public:
  void setNumber(double value, const QString& text) {
    value_ = value;
    setText(text);
    setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  }
  bool operator<(const QTableWidgetItem& other) const override {
    const auto* number = dynamic_cast<const NumberItem*>(&other);
    if (number == nullptr) return QTableWidgetItem::operator<(other);
    if (std::isnan(value_)) return false;
    return std::isnan(number->value_) || value_ < number->value_;
  }

 private:
  double value_ = std::nan("");
};

/// Item data that TrendLine draws: a list of numbers from 0 to 1.
constexpr int kTrendRole = Qt::UserRole + 1;

/// The course of a class's DSC over the epochs.
class TrendLine : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// "0.123", or a dash where there is no number.
QString numberText(double value, int decimals);

}  // namespace rind::panels
