#include "rind/workbench/compare_tables.h"

#include <QApplication>
#include <QHeaderView>
#include <cmath>

namespace rind::workbench {
namespace {

constexpr int kLeastValueWidth = 64;  // pixels

QString text(const std::string& utf8) {
  return QString::fromStdString(utf8);
}

QString number(double value, models::ScoreKind kind, bool is_signed) {
  if (!std::isfinite(value)) return QStringLiteral("–");
  const QString digits = QString::number(value, 'f', kind == models::ScoreKind::hd95 ? 2 : 3);
  return is_signed && value > 0 ? '+' + digits : digits;
}

QTableWidgetItem* makeNumber(const QString& shown, const QString& tip = {}) {
  auto* item = new QTableWidgetItem(shown);
  item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  item->setToolTip(tip);
  return item;
}

QTableWidgetItem* makeHeader(const QString& name, Qt::Alignment side) {
  auto* header = new QTableWidgetItem(name);
  header->setTextAlignment(side | Qt::AlignVCenter);
  return header;
}

QTableWidgetItem* makeRunHeader(const models::RunComparison& comparison, std::size_t run,
                                Qt::Alignment side) {
  auto* header = makeHeader(text(comparison.runs[run].name), side);
  header->setForeground(colourOfRun(run));
  header->setToolTip(text(comparison.runs[run].path.string()));
  return header;
}

QString nameOf(const models::ComparedClass& line) {
  return line.label == 0 ? QObject::tr("mean of classes") : text(line.name);
}

QString valueOf(const std::string& value) {
  return value == models::kAutomatic ? QObject::tr("automatic") : text(value);
}

// With two runs it is clear which one is meant.
QString differenceHeader(const models::RunComparison& comparison, std::size_t run, const char* what) {
  const QString name = comparison.runs.size() > 2 ? text(comparison.runs[run].name) + '\n' : QString();
  return name + QObject::tr(what);
}

void fillDifference(QTableWidget& table, int row, int column, const models::PairedDifference& difference,
                    models::ScoreKind kind) {
  const auto& test = difference.test;
  const QString tip = QObject::tr("higher in %1 cases, lower in %2, equal in %3")
                          .arg(difference.higher)
                          .arg(difference.lower)
                          .arg(difference.cases - difference.higher - difference.lower);
  const QString how = QObject::tr("W = %1 over %2 pairs that differ, %3")
                          .arg(test.statistic)
                          .arg(test.pairs)
                          .arg(test.exact ? QObject::tr("exact") : QObject::tr("by the normal distribution"));
  table.setItem(row, column, makeNumber(number(difference.mean, kind, true), tip));
  table.setItem(row, column + 1, makeNumber(number(difference.median, kind, true), tip));
  table.setItem(row, column + 2, makeNumber(QString::number(difference.cases)));
  const QString p = difference.cases == 0 ? QStringLiteral("–") : QString::number(test.p, 'g', 3);
  table.setItem(row, column + 3, makeNumber(p, how));
}

// "a-01: 3, b-02: 1".
QString infiniteByRun(const models::RunComparison& comparison, const models::LeftOut& why) {
  QStringList runs;
  for (std::size_t run = 0; run < comparison.runs.size(); ++run)
    runs << QObject::tr("%1: %2").arg(text(comparison.runs[run].name)).arg(why.by_run[run]);
  return runs.join(QStringLiteral(", "));
}

QTableWidgetItem* makeLeftOut(const models::RunComparison& comparison, const models::ComparedClass& line) {
  const auto& why = line.why;
  QStringList shown;
  QStringList reasons;
  const QString what = line.label == 0 ? QObject::tr("pairs of a case and a class") : QObject::tr("cases");
  if (why.infinite > 0) {
    shown << QObject::tr("%1 infinite").arg(why.infinite);
    reasons << QObject::tr(
                   "%1 %2, because the distance is infinite in a run: the class is in the reference or in "
                   "the prediction only. Infinite in %3.")
                   .arg(why.infinite)
                   .arg(what, infiniteByRun(comparison, why));
  }
  if (why.no_score > 0) {
    shown << QObject::tr("%1 no score").arg(why.no_score);
    reasons << QObject::tr("%1 %2, because a run has no score for it, or the class is in neither volume.")
                   .arg(why.no_score)
                   .arg(what);
  }
  auto* item = new QTableWidgetItem(shown.isEmpty() ? QStringLiteral("0") : shown.join(QStringLiteral(", ")));
  item->setToolTip(reasons.isEmpty() ? QObject::tr("Nothing was left out of this row.")
                                     : QObject::tr("Left out: %1").arg(reasons.join(QStringLiteral("<br>"))));
  return item;
}

}  // namespace

QColor colourOfRun(std::size_t run) {
  static const QColor colours[] = {QColor(0xE6, 0x9F, 0x00), QColor(0x00, 0x9E, 0x73),
                                   QColor(0xCC, 0x79, 0xA7), QColor(0xD5, 0x5E, 0x00)};
  return run == 0 ? QApplication::palette().color(QPalette::Highlight) : colours[(run - 1) % 4];
}

void fillSettings(QTableWidget& table, const models::RunComparison& comparison) {
  table.clear();
  table.setColumnCount(static_cast<int>(comparison.runs.size()) + 1);
  table.setRowCount(static_cast<int>(comparison.settings.size()));
  table.setHorizontalHeaderItem(0, makeHeader(QObject::tr("Setting"), Qt::AlignLeft));
  for (std::size_t run = 0; run < comparison.runs.size(); ++run)
    table.setHorizontalHeaderItem(static_cast<int>(run) + 1, makeRunHeader(comparison, run, Qt::AlignLeft));
  // Every run is seen: they share what the names leave, and a long value is cut, its end in sight.
  table.setTextElideMode(Qt::ElideMiddle);
  table.horizontalHeader()->setMinimumSectionSize(kLeastValueWidth);
  table.horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
  table.horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
  for (int row = 0; row < table.rowCount(); ++row) {
    const auto& setting = comparison.settings[static_cast<std::size_t>(row)];
    auto* name = new QTableWidgetItem(text(setting.key));
    name->setToolTip(text(setting.help));
    table.setItem(row, 0, name);
    for (std::size_t run = 0; run < setting.values.size(); ++run) {
      auto* item = new QTableWidgetItem(valueOf(setting.values[run]));
      item->setToolTip(item->text());
      table.setItem(row, static_cast<int>(run) + 1, item);
    }
  }
}

void fillScores(QTableWidget& table, const models::RunComparison& comparison, models::ScoreKind kind) {
  const auto lines = models::compareClasses(comparison, kind);
  const auto runs = comparison.runs.size();
  table.clear();
  table.setColumnCount(static_cast<int>(2 + runs + 4 * (runs - 1)));
  table.setRowCount(static_cast<int>(lines.size()));
  table.setHorizontalHeaderItem(0, makeHeader(QObject::tr("Class"), Qt::AlignLeft));
  for (std::size_t run = 0; run < runs; ++run) {
    table.setHorizontalHeaderItem(static_cast<int>(run) + 1, makeRunHeader(comparison, run, Qt::AlignRight));
    if (run == 0) continue;
    int column = static_cast<int>(1 + runs + 4 * (run - 1));
    for (const char* what : {QT_TRANSLATE_NOOP("QObject", "Δ mean"), QT_TRANSLATE_NOOP("QObject", "Δ median"),
                             QT_TRANSLATE_NOOP("QObject", "pairs"), QT_TRANSLATE_NOOP("QObject", "p")}) {
      auto* header = makeHeader(differenceHeader(comparison, run, what), Qt::AlignRight);
      header->setForeground(colourOfRun(run));
      table.setHorizontalHeaderItem(column++, header);
    }
  }
  // Names and figures stand in full; the last column takes what they leave.
  table.setHorizontalHeaderItem(table.columnCount() - 1, makeHeader(QObject::tr("left out"), Qt::AlignLeft));
  table.horizontalHeader()->setSectionResizeMode(table.columnCount() - 1, QHeaderView::Stretch);
  for (int row = 0; row < table.rowCount(); ++row) {
    const auto& line = lines[static_cast<std::size_t>(row)];
    auto* name = new QTableWidgetItem(nameOf(line));
    name->setToolTip(QObject::tr("%1 cases paired, %2 left out").arg(line.cases.size()).arg(line.left_out));
    table.setItem(row, 0, name);
    table.setItem(row, table.columnCount() - 1, makeLeftOut(comparison, line));
    for (std::size_t run = 0; run < runs; ++run) {
      table.setItem(row, static_cast<int>(run) + 1, makeNumber(number(line.means[run], kind, false)));
      if (run > 0)
        fillDifference(table, row, static_cast<int>(1 + runs + 4 * (run - 1)), line.differences[run], kind);
    }
  }
}

QString conventions(const models::RunComparison& comparison, models::ScoreKind kind) {
  QStringList epochs;
  for (const auto& run : comparison.runs)
    epochs << (run.scored_epoch > 0 ? QObject::tr("%1: epoch %2").arg(text(run.name)).arg(run.scored_epoch)
                                    : QObject::tr("%1: none").arg(text(run.name)));
  const auto mean = models::compareClasses(comparison, kind).front();
  const QString how =
      QObject::tr(
          "Scores are those of each run's best epoch by mean validation DSC (%1), from its scores.csv. A row "
          "uses only the cases where every run has a finite score; for the mean of classes %2 pair and %3 "
          "are left out, and each case is averaged over the classes that are finite in every run. "
          "Δ is a run less %4, case by case. p: two-sided Wilcoxon signed-rank test, cases without a "
          "difference left out, not corrected for the number of classes.")
          .arg(epochs.join(QStringLiteral(", ")))
          .arg(mean.cases.size())
          .arg(mean.left_out)
          .arg(text(comparison.runs.front().name));
  if (mean.why.infinite == 0) return how;
  return how + ' ' +
         QObject::tr(
             "%1 pairs of a case and a class are left out because their distance is infinite in a run "
             "(%2): an organ that a run misses whole costs it DSC, not HD95.")
             .arg(mean.why.infinite)
             .arg(infiniteByRun(comparison, mean.why));
}

}  // namespace rind::workbench
