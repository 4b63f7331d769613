#pragma once

#include <QTimer>

#include "rind/charts/curve_chart.h"
#include "rind/models/run_model.h"

namespace rind::charts {

// What the charts of a run have in common.

/// Over the run's steps, decimated: a million steps are drawn as fast as a thousand.
Curve stepCurve(const QString& name, const QColor& colour, double width, const std::vector<double>& steps,
                const std::vector<double>& values);

/// Of the newest value in a mean over about `steps` steps; 0 chooses by the length of the run.
double smoothingWeight(int steps, std::size_t length);

std::vector<ChartMarker> stepMarkers(const models::RunModel& run);
std::vector<ChartMarker> epochMarkers(const models::RunModel& run);

/// In the order of what it tells apart; known to the colour-blind.
QColor turnColour(std::size_t turn);
QColor faded(QColor colour, int alpha);

/// What stands in the chart's corner.
QString stateOf(const models::RunModel& run);

/// Once for all that changes within a moment.
void refreshLater(QTimer& timer);

}  // namespace rind::charts
