#include "rind/workbench/chart_card.h"

#include <QComboBox>
#include <QSpinBox>
#include <QToolButton>

#include "rind/charts/chart_file.h"
#include "rind/charts/run_charts.h"
#include "rind/core/error.h"
#include "rind/panels/elided_label.h"
#include "rind/workbench/card.h"
#include "rind/workbench/file_dialogs.h"
#include "rind/workbench/layer_bar.h"
#include "rind/workbench/theme.h"

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
  button->setIcon(themedIcon("export"));
  button->setIconSize({16, 16});
  button->setObjectName(chart.objectName() + ".save");
  button->setToolTip(QObject::tr("Save the chart as PNG, SVG or CSV"));
  button->setAccessibleName(button->toolTip());
  QObject::connect(button, &QToolButton::clicked, &chart, [&chart, &notice] {
    askForNewFile(&chart, QObject::tr("Save the chart"), QObject::tr("PNG (*.png);;SVG (*.svg);;CSV (*.csv)"),
                  [&chart, &notice](const QString& path) { saveChart(chart, path, notice); });
  });
  return button;
}

QComboBox* makeChoice(charts::DetailChart& chart) {
  const std::pair<QString, QString> entries[] = {
      {QObject::tr("Region loss: all"),
       QObject::tr("The loss on contours and inside, the mean over all classes, over epochs")},
      {QObject::tr("Region loss: organ"),
       QObject::tr(
           "The loss on the contour and inside of the organ that is selected in the table, over epochs")},
      {QObject::tr("Learning rate"), QObject::tr("The learning rate of each step")},
      {QObject::tr("Patches a second"),
       QObject::tr(
           "Patches trained a second, over each step's own time: without waiting for data, validation "
           "and pauses")}};
  auto* choice = new QComboBox;
  choice->setObjectName(chart.objectName() + ".what");
  choice->setAccessibleName(QObject::tr("What this chart shows"));
  choice->setProperty("role", "heading");
  choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  choice->setMinimumContentsLength(4);
  choice->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  for (int i = 0; i < detailWords().size(); ++i) {
    choice->addItem(entries[i].first, detailWords()[i]);
    choice->setItemData(i, entries[i].second, Qt::ToolTipRole);
  }
  const auto show = [&chart, choice](int index) {
    choice->setToolTip(choice->itemData(index, Qt::ToolTipRole).toString());
    chart.choose(static_cast<charts::Detail>(index));
  };
  QObject::connect(choice, &QComboBox::currentIndexChanged, &chart, show);
  show(0);
  return choice;
}

QWidget* makeCardUnder(QWidget& heading, charts::CurveChart& chart, QWidget& content, NoticeBar& notice) {
  auto* head = new QHBoxLayout;
  head->addWidget(&heading, 1);
  if (auto* loss = qobject_cast<charts::LossChart*>(&chart)) head->addWidget(makeSmoothing(*loss));
  if (!chart.hasFixedRange()) head->addWidget(makeLog(chart));
  head->addWidget(makeSave(chart, notice));
  const auto [frame, column] = makeCard();
  column->addLayout(head);
  column->addWidget(&content, 1);
  return frame;
}

}  // namespace

QWidget* makeChartCard(const QString& title, charts::CurveChart& chart, QWidget& content, NoticeBar& notice) {
  auto* heading = new panels::ElidedLabel(title);
  heading->setProperty("role", "heading");
  return makeCardUnder(*heading, chart, content, notice);
}

QWidget* makeDetailCard(charts::DetailChart& chart, NoticeBar& notice) {
  return makeCardUnder(*makeChoice(chart), chart, chart, notice);
}

const QStringList& detailWords() {
  static const QStringList words = {"regions", "organ", "learning-rate", "patch-rate"};
  return words;
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
