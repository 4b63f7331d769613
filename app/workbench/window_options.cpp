#include <QAction>
#include <QComboBox>
#include <QTabWidget>

#include "rind/workbench/chart_card.h"
#include "rind/workbench/view_option_tables.h"
#include "rind/workbench/view_option_values.h"

namespace rind::workbench {
namespace {

const QStringList kViewNames = {"axial", "coronal", "sagittal", "3d"};
const QStringList kSwitch = {"off", "on"};
const QStringList kTabs = {"losses", "log", "runs"};

QTabWidget* tabsBeside(ViewGrid& views) {
  return views.window()->findChild<QTabWidget*>("sideTabs");
}

QComboBox* detailChoiceBelow(ViewGrid& views) {
  return views.window()->findChild<QComboBox*>("shareChart.what");
}

QString readAlone(Session&, ViewGrid& views) {
  return views.maximised() < 0 ? QString() : kViewNames[views.maximised()];
}

void applyAlone(Session&, ViewGrid& views, const QString& text) {
  views.maximise(wordIn(text, "--alone", kViewNames));
}

QString readTab(Session&, ViewGrid& views) {
  const int tab = tabsBeside(views)->currentIndex();
  return tab == 0 ? QString() : kTabs.value(tab);
}

void applyTab(Session&, ViewGrid& views, const QString& text) {
  tabsBeside(views)->setCurrentIndex(wordIn(text, "--tab", kTabs));
}

QAction* thumbnailsBeside(ViewGrid& views) {
  return views.window()->findChild<QAction*>("thumbnails");
}

QString readThumbnails(Session&, ViewGrid& views) {
  return thumbnailsBeside(views)->isChecked() ? QString() : kSwitch.front();
}

void applyThumbnails(Session&, ViewGrid& views, const QString& text) {
  thumbnailsBeside(views)->setChecked(wordIn(text, "--thumbnails", kSwitch) == 1);
}

QString readDetail(Session&, ViewGrid& views) {
  const auto* choice = detailChoiceBelow(views);
  return choice->currentIndex() == 0 ? QString() : choice->currentData().toString();
}

void applyDetail(Session&, ViewGrid& views, const QString& text) {
  detailChoiceBelow(views)->setCurrentIndex(wordIn(text, "--chart", detailWords()));
}

}  // namespace

std::vector<ViewOption> windowOptions() {
  return {{"alone", "view", "The view that fills the window's middle.", ViewOption::window, readAlone,
           applyAlone},
          {"tab", "name", "What stands below the organs: losses, log, runs.", ViewOption::window, readTab,
           applyTab},
          {"thumbnails", "on|off", "Whether the list of cases has pictures.", ViewOption::window,
           readThumbnails, applyThumbnails},
          {"chart", "name", "What the third chart shows: regions, organ, learning-rate, patch-rate.",
           ViewOption::window, readDetail, applyDetail}};
}

}  // namespace rind::workbench
