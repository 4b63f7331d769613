// The chart whose content is chosen, and the labels of markers.
#include <gtest/gtest.h>

#include <QApplication>
#include <QComboBox>
#include <QLogValueAxis>
#include <QSettings>
#include <QTableWidget>
#include <QToolButton>
#include <QValueAxis>
#include <QWheelEvent>

#include "rind/charts/chart_axis.h"
#include "rind/charts/detail_chart.h"
#include "rind/core/atomic_file.h"
#include "rind/workbench/chart_card.h"
#include "rind/workbench/view_options.h"
#include "workbench_window.h"

namespace rind::workbench {
namespace {

class Details : public Workbench {
 protected:
  charts::CurveChart* chart() { return window->findChild<charts::CurveChart*>("shareChart"); }
  QComboBox* choice() { return window->findChild<QComboBox*>("shareChart.what"); }

  void choose(const QString& word) { choice()->setCurrentIndex(choice()->findData(word)); }

  bool shows(const QStringList& names) {
    return waitFor([&] {
      QStringList shown;
      for (const auto& curve : chart()->curves()) shown << curve.name;
      return shown == names;
    });
  }

  // Two epochs of two steps: 4 patches in 0.5 s, then the 2 that are left in 0.25 s.
  void train() {
    auto& run = session->run();
    for (int number : {1, 2}) {
      for (int step : {2 * number - 1, 2 * number}) {
        messages::Step event{{step, number, 1.0 * step}};
        event.seconds = step % 2 == 1 ? 0.5 : 0.25;
        event.patches = step % 2 == 1 ? 4 : 2;
        event.learning_rate = 0.001 / step;
        event.loss = 1;
        run.apply(event);
      }
      messages::Epoch epoch{{2 * number, number, 2.0 * number}};
      epoch.losses = {{1, 0.8 / number, 0.4}, {6, 0.6, 0.2 / number}};
      run.apply(epoch);
    }
  }
};

TEST_F(Details, ShowTheLossByRegionOfAllOrgansOrOfTheSelectedOne) {
  ASSERT_TRUE(loadData());
  train();
  ASSERT_TRUE(shows({"contour", "interior"}));
  EXPECT_DOUBLE_EQ(chart()->curves()[0].points[0].y(), 0.7) << "the mean of 0.8 and 0.6";
  choose("organ");
  EXPECT_EQ(chart()->pointCount(), 0);
  EXPECT_TRUE(chart()->emptyText().contains("Select an organ")) << chart()->emptyText().toStdString();
  auto* organs = window->findChild<QTableWidget*>("organTable");
  Q_EMIT organs->cellClicked(5, panels::OrganTable::kName);  // liver, class 6
  ASSERT_TRUE(shows({"liver: contour", "liver: interior"}));
  EXPECT_EQ(chart()->curves()[0].points, (QList<QPointF>{{1, 0.6}, {2, 0.6}}));
  EXPECT_EQ(chart()->curves()[1].points, (QList<QPointF>{{1, 0.2}, {2, 0.1}}));
  Q_EMIT organs->cellClicked(0, panels::OrganTable::kName);
  ASSERT_TRUE(shows({"spleen: contour", "spleen: interior"})) << "it follows the selection";
  Q_EMIT organs->cellClicked(1, panels::OrganTable::kName);
  ASSERT_TRUE(shows({}));
  EXPECT_TRUE(chart()->emptyText().contains("right kidney")) << chart()->emptyText().toStdString();
}

TEST_F(Details, ShowTheLearningRateAndPatchesASecondOverSteps) {
  choose("learning-rate");
  EXPECT_TRUE(chart()->emptyText().contains("first steps"));
  train();
  ASSERT_TRUE(shows({"learning rate"}));
  EXPECT_EQ(chart()->horizontalName(), "step");
  EXPECT_EQ(chart()->curves()[0].points.size(), 4);
  EXPECT_DOUBLE_EQ(chart()->curves()[0].points[3].y(), 0.00025);
  session->run().apply(messages::Parameters{{2, 1, 0}, {{"lambda", 0.7}}});
  EXPECT_TRUE(waitFor([&] { return chart()->markerCount() == 1; }));
  const auto linear = chart()->grab().toImage();
  window->findChild<QToolButton*>("shareChart.log")->click();
  EXPECT_NE(chart()->grab().toImage(), linear);

  choose("patch-rate");
  ASSERT_TRUE(shows({"each step", "mean"}));
  for (const auto& point : chart()->curves()[0].points) EXPECT_DOUBLE_EQ(point.y(), 8) << point.x();
  EXPECT_EQ(chart()->accessibleName(), "Patches a second over steps");
  auto* notice = window->findChild<NoticeBar*>("notice");
  for (const char* name : {"rate.png", "rate.svg", "rate.csv"}) {
    saveChart(*chart(), QString::fromStdString((folder / name).string()), *notice);
    EXPECT_GT(std::filesystem::file_size(folder / name), 60u) << name;
  }
  EXPECT_TRUE(core::readFile(folder / "rate.csv").starts_with("curve,step,value\n\"each step\",1,8\n"));
  EXPECT_NE(core::readFile(folder / "rate.svg").find("Patches a second"), std::string::npos);
}

TEST_F(Details, AMillionStepsAreDrawnDecimated) {
  std::vector<messages::Event> events(1000000);
  for (std::size_t i = 0; i < events.size(); ++i) {
    messages::Step event{{static_cast<std::int64_t>(i) + 1, 1, 1}};
    event.seconds = i == 345678 ? 0.01 : 0.5;
    event.patches = 2;
    event.learning_rate = 1e-3;
    events[i] = event;
  }
  choose("patch-rate");
  session->run().applyAll(events);
  ASSERT_TRUE(shows({"each step", "mean"}));
  EXPECT_LE(chart()->pointCount(), 2 * 1202);
  const auto& points = chart()->curves()[0].points;
  EXPECT_TRUE(points.contains(QPointF(345679, 200))) << "an extreme is kept";
}

TEST_F(Details, TheChoiceIsRememberedAndSaidInACaption) {
  ASSERT_TRUE(loadData());
  EXPECT_FALSE(readViewOptions(*session, window->views(), "window").contains("--chart"));
  choose("patch-rate");
  const auto options = readViewOptions(*session, window->views(), "window");
  ASSERT_TRUE(options.contains("--chart"));
  EXPECT_EQ(options[options.indexOf("--chart") + 1], "patch-rate");
  EXPECT_FALSE(readViewOptions(*session, window->views(), "axial").contains("--chart"));
  QSettings settings(QString::fromStdString((folder / "settings.ini").string()), QSettings::IniFormat);
  window->remember(settings);
  reopen();
  EXPECT_EQ(choice()->currentData(), "regions");
  window->recall(settings);
  EXPECT_EQ(choice()->currentData(), "patch-rate");
  EXPECT_EQ(chart()->accessibleName(), "Patches a second over steps");
  for (const auto& option : viewOptions())
    if (option.name == std::string("chart")) option.apply(*session, window->views(), "organ");
  EXPECT_EQ(choice()->currentData(), "organ");
  settings.setValue("detail chart", "of a newer program");
  window->recall(settings);
  EXPECT_EQ(choice()->currentData(), "regions");
  for (int i = 0; i < choice()->count(); ++i)
    EXPECT_FALSE(choice()->itemData(i, Qt::ToolTipRole).toString().isEmpty()) << i;
}

void turnWheel(QWidget& over, const QPoint& turned) {
  const QPoint middle = over.rect().center();
  QWheelEvent event(middle, over.mapToGlobal(middle), QPoint(), turned, Qt::NoButton, Qt::NoModifier,
                    Qt::NoScrollPhase, false);
  QApplication::sendEvent(&over, &event);
}

TEST_F(Details, AZoomedAxisKeepsItsFiguresAndHasAnEnd) {
  train();
  auto* loss = window->findChild<charts::CurveChart*>("lossChart");
  ASSERT_TRUE(waitFor([&] { return loss->pointCount() > 0 && loss->chart()->plotArea().width() > 50; }));
  const auto* across = qobject_cast<QValueAxis*>(loss->chart()->axes(Qt::Horizontal).front());
  const auto width = [&] { return across->max() - across->min(); };
  const double whole = width();
  turnWheel(*loss->viewport(), {120, 0});
  EXPECT_DOUBLE_EQ(width(), whole) << "a wheel that is tilted is not turned back";
  for (int notch = 0; notch < 20; ++notch) turnWheel(*loss->viewport(), {0, 120});
  EXPECT_LT(width(), whole / 30);
  EXPECT_GE(width() / across->tickInterval(), 1) << "a figure stands on the axis";
  for (int notch = 0; notch < 50; ++notch) turnWheel(*loss->viewport(), {0, -120});
  EXPECT_NEAR(width(), 4 * whole, 1e-6 * whole);
  EXPECT_LE(width() / across->tickInterval(), 10) << "and not a thousand of them";
  loss->showAll();
  EXPECT_DOUBLE_EQ(width(), whole);
}

TEST_F(Details, ALogarithmicAxisHasFiguresWithinADecadeToo) {
  QLogValueAxis axis;
  for (const auto& [low, high] :
       {std::pair{1e-4, 10.0}, {0.15, 1.8}, {0.2, 0.9}, {0.30, 0.34}, {0.3, 0.301}}) {
    axis.setRange(low, high);
    charts::fitPowers(axis);
    EXPECT_GE(axis.tickCount(), 2) << low << " to " << high << ", base " << axis.base();
    EXPECT_LE(axis.tickCount(), 8) << low << " to " << high << ", base " << axis.base();
  }
  axis.setRange(1e-4, 10);
  charts::fitPowers(axis);
  EXPECT_EQ(axis.base(), 10);
}

TEST_F(Details, LabelsOfMarkersNeverCoverEachOtherNorTheState) {
  train();
  auto& run = session->run();
  for (int step : {1, 2, 3, 4}) {
    run.apply(messages::Parameters{{step, 1, 0}, {{"lambda", 0.1 * step}}});
    run.apply(messages::Parameters{{step, 1, 0}, {{"lambda", 0.1 * step}}});  // said again after a resumption
  }
  run.setState("paused");
  auto* loss = window->findChild<charts::CurveChart*>("lossChart");
  ASSERT_TRUE(waitFor([&] { return loss->markerCount() == 4; }));
  ASSERT_TRUE(waitFor([&] { return loss->pointCount() > 0 && loss->chart()->plotArea().width() > 50; }));
  const auto boxes = loss->markerBoxes();
  ASSERT_EQ(boxes.size(), 4u);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    EXPECT_FALSE(boxes[i].isEmpty()) << i;
    EXPECT_FALSE(boxes[i].intersects(loss->stateBox())) << i;
    for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(boxes[i].intersects(boxes[j])) << i << " covers " << j;
  }
  EXPECT_FALSE(loss->stateBox().isEmpty());
  auto* scores = window->findChild<charts::CurveChart*>("scoreChart");
  EXPECT_TRUE(waitFor([&] { return scores->markerCount() == 1; })) << "all in one epoch: one marker";
}

}  // namespace
}  // namespace rind::workbench
