#pragma once

#include <QColor>
#include <QValueAxis>

namespace rind::charts {

/// `share` 0 is `a`, 1 is `b`.
QColor blended(const QColor& a, const QColor& b, double share);

/// The range with about five round ticks.
void setTicks(QValueAxis& axis, double low, double high, bool whole_numbers);

}  // namespace rind::charts
