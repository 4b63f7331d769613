#pragma once

#include <filesystem>
#include <string>

#include "rind/charts/curve_chart.h"

namespace rind::charts {

/// curve,X,value (RFC 4180), X named after the horizontal axis: the points as they are drawn, decimated where
/// there are very many; the hidden curves too.
std::string toCsv(const CurveChart& chart);

/// The chart as it stands, whole or not at all: .png at twice its size, .svg, or .csv. Throws InputError for
/// another extension and where `path` cannot be written.
void writeChart(CurveChart& chart, const std::filesystem::path& path);

}  // namespace rind::charts
