#pragma once

#include <QTableWidget>

#include "rind/models/run_comparison.h"

namespace rind::workbench {

/// Told apart by the colour-blind; the first run's is the palette's accent.
QColor colourOfRun(std::size_t run);

/// A setting a row, a run a column.
void fillSettings(QTableWidget& table, const models::RunComparison& comparison);

/// A class a row: each run's mean, then for each run but the first its difference to the first, then how many
/// scores were left out and why.
void fillScores(QTableWidget& table, const models::RunComparison& comparison, models::ScoreKind kind);

/// How the figures came about: of which epoch each run's scores are, what was paired and what was left out.
QString conventions(const models::RunComparison& comparison, models::ScoreKind kind);

}  // namespace rind::workbench
