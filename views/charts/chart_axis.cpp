#include "rind/charts/chart_axis.h"

#include <algorithm>
#include <cmath>

namespace rind::charts {
namespace {

// A round step that divides a range into about five.
double niceStep(double range) {
  const double rough = range / 4;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough) return factor * power;
  return 10 * power;
}

QString tickFormat(double step) {
  if (step < 1e-4) return QStringLiteral("%g");  // learning rates
  const int decimals = step >= 1 ? 0 : static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
  return QStringLiteral("%.") + QString::number(decimals) + QStringLiteral("f");
}

void applyTicks(QValueAxis& axis, double range, bool whole_numbers) {
  if (!(range > 0)) return;
  double step = niceStep(range);
  if (whole_numbers && range >= 1) step = std::max(1.0, std::round(step));
  axis.setTickType(QValueAxis::TicksDynamic);
  axis.setTickAnchor(0);
  axis.setTickInterval(step);
  axis.setLabelFormat(tickFormat(step));
}

}  // namespace

QColor blended(const QColor& a, const QColor& b, double share) {
  const auto mix = [share](int x, int y) { return static_cast<int>(x + (y - x) * share); };
  return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

void fitTicks(QValueAxis& axis, bool whole_numbers) {
  applyTicks(axis, axis.max() - axis.min(), whole_numbers);
}

void fitPowers(QLogValueAxis& axis) {
  const double decades = std::log10(axis.max() / axis.min());
  if (!(decades > 0)) return;
  constexpr double kFewest = 2.5;  // ticks
  double base = 1.001;
  for (const double finer : {1.002, 1.005, 1.01, 1.02, 1.05, 1.1, 1.2, 1.5, 2.0, 10.0})
    if (decades / std::log10(finer) >= kFewest) base = finer;
  if (axis.base() == base) return;
  axis.setBase(base);
  axis.setMinorTickCount(base == 10 ? 8 : 0);
  axis.setLabelFormat(base == 10    ? QStringLiteral("%g")
                      : base >= 1.1 ? QStringLiteral("%.3g")
                                    : QStringLiteral("%.5g"));
}

// The step first: a wide range in small steps would have many ticks for a moment.
void setTicks(QValueAxis& axis, double low, double high, bool whole_numbers) {
  applyTicks(axis, high - low, whole_numbers);
  axis.setRange(low, high);
}

}  // namespace rind::charts
