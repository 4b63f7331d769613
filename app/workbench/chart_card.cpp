#include "rind/workbench/chart_card.h"

#include <QSpinBox>
#include <QToolButton>

#include "rind/charts/chart_file.h"
#include "rind/charts/run_charts.h"
#include "rind/core/error.h"
#include "rind/panels/elided_label.h"
#include "rind/workbench/card.h"
#include "rind/workbench/file_dialogs.h"
#include "rind/workbench/layer_bar.h"

namespace rind::workbench {
namespace {

QWidget* makeLog(charts::CurveChart& chart) {
  auto* button = makeToggle(QObject::tr("log"), chart.objectName() + ".log",
                            QObject::tr("Logarithmic axis: what is not positive is left out"));
  button->setAccessibleName(button->toolTip());
  QObject::connect(button, &QToolButton::toggled, &chart, &charts::CurveChart::setLogarithmic);
  return button;
}

QWidget* makeSmoothing(charts::LossChart& chart) {
  auto* spin = new QSpinBox;
  spin->setObjectName(chart.objectName() + ".smoothing");
  spin->setAccessibleName(QObject::tr("Smoothing in steps"));
  spin->setToolTip(QObject::tr("Steps that the loss is averaged over; the faint line behind is each step"));
  spin->setRange(0, 1000);
  spin->setSpecialValueText(QObject::tr("mean: auto"));
  spin->setSuffix(QObject::tr(" steps"));
  QObject::connect(spin, &QSpinBox::valueChanged, &chart, &charts::LossChart::setSmoothing);
  return spin;
}

QWidget* makeSave(charts::CurveChart& chart, NoticeBar& notice) {
  auto* button = new QToolButton;
  button->setText(QObject::tr("Save …"));
  button->setObjectName(chart.objectName() + ".save");
  button->setToolTip(QObject::tr("Save the chart as PNG, SVG or CSV"));
  button->setAccessibleName(button->toolTip());
  QObject::connect(button, &QToolButton::clicked, &chart, [&chart, &notice] {
    askForNewFile(&chart, QObject::tr("Save the chart"), QObject::tr("PNG (*.png);;SVG (*.svg);;CSV (*.csv)"),
                  [&chart, &notice](const QString& path) { saveChart(chart, path, notice); });
  });
  return button;
}

}  // namespace

QWidget* makeChartCard(const QString& title, charts::CurveChart& chart, QWidget& content, NoticeBar& notice) {
  auto* head = new QHBoxLayout;
  auto* heading = new panels::ElidedLabel(title);
  heading->setProperty("role", "heading");
  head->addWidget(heading, 1);
  if (auto* loss = qobject_cast<charts::LossChart*>(&chart)) head->addWidget(makeSmoothing(*loss));
  if (!chart.hasFixedRange()) head->addWidget(makeLog(chart));
  head->addWidget(makeSave(chart, notice));
  const auto [frame, column] = makeCard();
  column->addLayout(head);
  column->addWidget(&content, 1);
  return frame;
}

void saveChart(charts::CurveChart& chart, const QString& path, NoticeBar& notice) {
  try {
    charts::writeChart(chart, path.toStdString());
    notice.say(QObject::tr("The chart is in %1").arg(path), false);
  } catch (const core::InputError& error) {
    notice.say(QString::fromUtf8(error.what()), true);
  }
}

}  // namespace rind::workbench
