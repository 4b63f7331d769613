// The 3D view draws on a thread of its own; the window does not wait for it.
#include <QProcess>
#include <QSignalSpy>
#include <QThread>
#include <QToolButton>
#include <algorithm>
#include <future>
#include <stdexcept>

#include "rind/workbench/heartbeat.h"
#include "workbench_window.h"

namespace rind::workbench {
namespace {

class Scene : public Workbench {
 protected:
  /// Enough triangles that a coarse drawing has fewer.
  bool loadLarge() { return loadCube("64x64x64"); }

  bool loadCube(const QString& size) {
    session->open("phantom:amos,cases=2,size=" + size);
    return waitFor([&] {
      return !session->shownCase().empty() && !session->isLoading() && !surfaces().isBusy() &&
             window->views().renderWidget()->isCurrent();
    });
  }
  bool has3d() {
    return QTest::qWaitForWindowExposed(window.get()) && window->views().renderWidget()->isWorking();
  }
  static void beginDrag(rendering::RenderWidget& view) {
    QTest::mousePress(&view, Qt::LeftButton, {}, {60, 60});
    QTest::mouseMove(&view, {90, 60});
  }
  rendering::SurfaceMaker& surfaces() { return *window->views().surfaces(); }
  long long triangles() {
    return window->views().sceneView().ask([](auto& scene) { return scene.triangles(); });
  }
};

TEST_F(Scene, ABandThatMovesIsPreviewedAndThenDrawnFinely) {
  if (!has3d()) GTEST_SKIP() << "no OpenGL 3.2 on this display";
  ASSERT_TRUE(loadCube("96x96x96")) << "large enough that the preview is seen before the fine one";
  const long long fine_before = triangles();
  session->settings().set("iterations", 2);
  EXPECT_FALSE(surfaces().bandIsShown());
  ASSERT_TRUE(waitFor([&] { return surfaces().bandIsShown(); }));
  EXPECT_TRUE(surfaces().isPreview());
  EXPECT_TRUE(surfaces().isBusy()) << "the fine one follows";
  EXPECT_LT(triangles(), fine_before * 3 / 4);
  const long long preview = triangles();
  ASSERT_TRUE(waitFor([&] { return !surfaces().isBusy(); }));
  ASSERT_TRUE(waitFor([&] { return surfaces().bandIsShown(); }));
  EXPECT_FALSE(surfaces().isPreview());
  EXPECT_GT(triangles(), preview * 5 / 4);
}

TEST_F(Scene, WhatMovesIsDrawnCoarsely) {
  if (!has3d()) GTEST_SKIP() << "no OpenGL 3.2 on this display";
  ASSERT_TRUE(loadLarge());
  const long long fine = triangles();
  auto* view = window->views().renderWidget();
  beginDrag(*view);
  EXPECT_LT(triangles(), fine * 4 / 5);
  QTest::mouseRelease(view, Qt::LeftButton, {}, {90, 60});
  EXPECT_EQ(triangles(), fine);
}

TEST_F(Scene, ASecondButtonDoesNotEndADrag) {
  if (!has3d()) GTEST_SKIP() << "no OpenGL 3.2 on this display";
  ASSERT_TRUE(loadLarge());
  const long long fine = triangles();
  auto* view = window->views().renderWidget();
  beginDrag(*view);
  QTest::mousePress(view, Qt::RightButton, {}, {90, 60});
  QTest::mouseRelease(view, Qt::RightButton, {}, {90, 60});
  EXPECT_LT(triangles(), fine * 4 / 5);
  QTest::mouseRelease(view, Qt::LeftButton, {}, {90, 60});
  EXPECT_EQ(triangles(), fine);
}

TEST_F(Scene, ADragDoesNotEndWhatTheTurntableBegan) {
  if (!has3d()) GTEST_SKIP() << "no OpenGL 3.2 on this display";
  ASSERT_TRUE(loadLarge());
  const long long fine = triangles();
  auto* view = window->views().renderWidget();
  window->findChild<QToolButton*>("turntable")->click();
  beginDrag(*view);
  QTest::mouseRelease(view, Qt::LeftButton, {}, {90, 60});
  EXPECT_LT(triangles(), fine * 4 / 5) << "it turns still";
  window->findChild<QToolButton*>("turntable")->click();
  EXPECT_EQ(triangles(), fine);
}

TEST_F(Scene, ADoubleClickIsOneClick) {
  if (!has3d()) GTEST_SKIP() << "no OpenGL 3.2 on this display";
  auto* view = window->views().renderWidget();
  QSignalSpy clicked(view, &rendering::RenderWidget::clicked);
  QSignalSpy enlarged(view, &rendering::RenderWidget::maximiseRequested);
  QTest::mouseClick(view, Qt::LeftButton, {}, {60, 60});
  QTest::mouseDClick(view, Qt::LeftButton, {}, {60, 60});
  QTest::mouseRelease(view, Qt::LeftButton, {}, {60, 60});
  EXPECT_EQ(enlarged.count(), 1);
  EXPECT_EQ(clicked.count(), 1);
}

TEST_F(Scene, WhatWasPaintedOfACaseThatIsGoneIsNotDrawn) {
  if (!has3d()) GTEST_SKIP() << "no OpenGL 3.2 on this display";
  ASSERT_TRUE(loadData());
  auto& shown = session->shownCase();
  const auto& truth = shown.loaded().prepared.labels;
  core::LabelVolume labels(truth.size);
  std::copy(truth.data, truth.data + truth.count(), labels.voxels.begin());
  const int classes = static_cast<int>(shown.loaded().labels.size());
  shown.setPrediction(
      std::make_shared<models::Prediction>(models::score(std::move(labels), truth, classes, 1)));
  ASSERT_TRUE(waitFor([&] { return !surfaces().isBusy(); }));
  auto* view = window->views().renderWidget();
  QSignalSpy broke_off(view, &rendering::RenderWidget::brokeOff);
  window->views().sceneView().chooseMode(rendering::SceneMode::distance);
  ASSERT_TRUE(surfaces().isBusy()) << "the prediction is being painted";
  window->views().sceneView().chooseMode(rendering::SceneMode::shells);
  shown.clear();
  ASSERT_TRUE(waitFor([&] { return !surfaces().isBusy() && view->isCurrent(); }));
  EXPECT_EQ(broke_off.count(), 0);
}

TEST_F(Scene, AnEditThatBreaksOffIsSaidAndEndsNothingElse) {
  if (!has3d()) GTEST_SKIP() << "no OpenGL 3.2 on this display";
  auto* view = window->views().renderWidget();
  view->edit([] { throw std::runtime_error("no such surface"); });
  ASSERT_TRUE(waitFor([&] { return view->emptyText().contains("no such surface"); }));
  ASSERT_TRUE(loadLarge());
  EXPECT_TRUE(view->emptyText().isEmpty()) << view->emptyText().toStdString();
  EXPECT_GT(triangles(), 1000);
}

TEST_F(Scene, AClickOnASurfaceSelectsItsOrgan) {
  if (!has3d()) GTEST_SKIP() << "no OpenGL 3.2 on this display";
  ASSERT_TRUE(loadLarge());
  auto* view = window->views().renderWidget();
  const int height = view->pixels().height();
  const QPoint middle = view->rect().center();
  const int label = window->views().sceneView().ask(
      [&](auto& scene) { return scene.labelAt(middle.x(), height - 1 - middle.y()); });
  QTest::mouseClick(view, Qt::LeftButton, {}, middle);
  EXPECT_TRUE(waitFor([&] { return session->shownCase().selected() == label; }));
  EXPECT_GT(label, 0) << "organs are in the middle of the view";
}

TEST_F(Scene, SlicesAnswerWhileA3dPictureTakesItsTime) {
  if (!has3d()) GTEST_SKIP() << "no OpenGL 3.2 on this display";
  if (!QOpenGLContext::supportsThreadedOpenGL()) GTEST_SKIP() << "this driver knows one thread only";
  ASSERT_TRUE(loadLarge());
  std::promise<void> released;
  auto release = released.get_future().share();
  window->views().renderWidget()->edit([release] { release.wait_for(std::chrono::milliseconds(kPatience)); });
  QSignalSpy painted(window->views().slice(0), &panels::SliceView::painted);
  session->settings().set("iterations", 3);
  EXPECT_TRUE(waitFor([&] { return painted.count() > 0; }));
  EXPECT_FALSE(window->views().renderWidget()->isCurrent());
  released.set_value();
  EXPECT_TRUE(waitFor([&] { return window->views().renderWidget()->isCurrent(); }));
}

TEST_F(Scene, ASliceThatWasKeptIsTheOneThatWouldBeDrawn) {
  ASSERT_TRUE(loadData());
  auto at = session->shownCase().cursor();
  for (const core::Index3 step : {core::Index3{0, 0, 3}, core::Index3{2, 0, 0}, core::Index3{0, -4, 0}}) {
    at = {at.z + step.z, at.y + step.y, at.x + step.x};
    const auto before = window->views().slice(0)->grab().toImage();
    session->shownCase().setCursor(at);
    for (int plane = 0; plane < 3; ++plane) {
      auto* slice = window->views().slice(plane);
      const auto kept = slice->grab().toImage();
      slice->resetView();
      EXPECT_EQ(kept, slice->grab().toImage()) << "plane " << plane;
    }
    EXPECT_NE(before, window->views().slice(0)->grab().toImage()) << "the crosshair moves at least";
  }
}

TEST(Heart, CountsEveryBeatThatTheLoopWasAwayFor) {
  Heartbeat heart;
  heart.start();
  QThread::msleep(120);
  heart.stop();
  EXPECT_GE(heart.lateness().size(), 29u);
  EXPECT_GE(*std::max_element(heart.lateness().begin(), heart.lateness().end()), 115);
}

TEST(Measure, PrintsALineOfEachFigureAndEnds) {
  QProcess program;
  program.start(RIND_WORKBENCH, {"phantom:amos,cases=2,size=24x24x24", "--measure", "--timing"});
  ASSERT_TRUE(program.waitForFinished(kPatience));
  EXPECT_EQ(program.exitCode(), 0) << program.readAllStandardError().toStdString();
  const QString printed = QString::fromUtf8(program.readAllStandardOutput());
  for (const char* line :
       {"first window after", "source opened to its first slice", "slider to the repainted slice",
        "slices a second", "event loop late by", "other case to its first slice"})
    EXPECT_TRUE(printed.contains(line)) << line << "\n" << printed.toStdString();
}

}  // namespace
}  // namespace rind::workbench
