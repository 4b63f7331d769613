#pragma once

#include "rind/charts/curve_chart.h"
#include "rind/charts/detail_chart.h"
#include "rind/workbench/notice_bar.h"

namespace rind::workbench {

/// A titled frame around `content`, which holds `chart`, with what can be done with the chart at the right of
/// the title: a logarithmic axis where its range is not fixed, smoothing where it is a loss, and saving.
/// Buttons are named after the chart: "lossChart.log", "lossChart.smoothing", "lossChart.save".
QWidget* makeChartCard(const QString& title, charts::CurveChart& chart, QWidget& content, NoticeBar& notice);

/// The same, its title a choice of what it shows: "shareChart.what", each entry's data its word.
QWidget* makeDetailCard(charts::DetailChart& chart, NoticeBar& notice);

/// How the choices are said on the command line and remembered, in the order of charts::Detail.
const QStringList& detailWords();

/// Writes the chart and says in the notice bar where it is, or why it is not.
void saveChart(charts::CurveChart& chart, const QString& path, NoticeBar& notice);

}  // namespace rind::workbench
