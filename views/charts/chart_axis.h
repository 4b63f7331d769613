#pragma once

#include <QColor>
#include <QLogValueAxis>
#include <QValueAxis>

namespace rind::charts {

/// `share` 0 is `a`, 1 is `b`.
QColor blended(const QColor& a, const QColor& b, double share);

/// About five round ticks for the range that the axis has; whole ones where they fit.
void fitTicks(QValueAxis& axis, bool whole_numbers);

/// The range with such ticks.
void setTicks(QValueAxis& axis, double low, double high, bool whole_numbers);

/// Ticks at powers of 10, or of less where the range holds too few of those.
void fitPowers(QLogValueAxis& axis);

}  // namespace rind::charts
