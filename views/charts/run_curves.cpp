#include "rind/charts/run_curves.h"

#include <algorithm>

#include "rind/models/decimate.h"

namespace rind::charts {
namespace {

constexpr std::size_t kBuckets = 600;
constexpr int kRefreshMilliseconds = 80;

}  // namespace

Curve stepCurve(const QString& name, const QColor& colour, double width, const std::vector<double>& steps,
                const std::vector<double>& values) {
  Curve curve{name, colour, width, {}};
  for (const auto& point : models::decimate(steps, values, kBuckets)) curve.points.append({point.x, point.y});
  return curve;
}

// As for an exponential average with the same mean age as a plain one over so many steps.
double smoothingWeight(int steps, std::size_t length) {
  if (steps > 0) return 2.0 / (steps + 1);
  return std::max(0.05, std::min(1.0, 40.0 / static_cast<double>(length + 1)));
}

std::vector<ChartMarker> stepMarkers(const models::RunModel& run) {
  std::vector<ChartMarker> markers;
  for (const auto& marker : run.markers()) markers.push_back({marker.step, marker.text});
  return markers;
}

std::vector<ChartMarker> epochMarkers(const models::RunModel& run) {
  std::vector<ChartMarker> markers;
  for (const auto& marker : run.markers())
    markers.push_back({static_cast<double>(marker.epoch), marker.text});
  return markers;
}

QColor turnColour(std::size_t turn) {
  static const QColor colours[] = {QColor(0xE6, 0x9F, 0x00), QColor(0x00, 0x9E, 0x73),
                                   QColor(0xCC, 0x79, 0xA7), QColor(0x56, 0xB4, 0xE9),
                                   QColor(0xD5, 0x5E, 0x00)};
  return colours[turn % 5];
}

QColor faded(QColor colour, int alpha) {
  colour.setAlpha(alpha);
  return colour;
}

QString stateOf(const models::RunModel& run) {
  return run.state() == "paused" ? QObject::tr("❚❚ paused") : QString();
}

void refreshLater(QTimer& timer) {
  if (!timer.isActive()) timer.start(kRefreshMilliseconds);
}

}  // namespace rind::charts
