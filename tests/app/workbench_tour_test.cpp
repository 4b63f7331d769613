// The tour of three steps.
#include <gtest/gtest.h>

#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSlider>
#include <QToolBar>
#include <QToolButton>

#include "rind/workbench/tour.h"
#include "workbench_window.h"

namespace rind::workbench {
namespace {

class TourOfTheWindow : public Workbench {
 protected:
  // What is remembered is a test's own.
  TourOfTheWindow() {
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope,
                       QString::fromStdString(folder.path().string()));
  }

  TourCard* card() { return window->findChild<TourCard*>(); }
  QString text(const char* name) { return card()->findChild<QLabel*>(name)->text(); }
  QPushButton* button(const char* name) { return card()->findChild<QPushButton*>(name); }
  bool isDone() { return text("tourCount").contains("done"); }

  /// Whether the ring lies around this part of the window.
  testing::AssertionResult pointsAt(QWidget* part) {
    auto* ring = window->findChild<QWidget*>("tourRing");
    const QRect place(part->mapTo(window.get(), QPoint()), part->size());
    if (waitFor([&] { return ring->isVisible() && ring->geometry().contains(place); }))
      return testing::AssertionSuccess();
    return testing::AssertionFailure()
           << "the ring is elsewhere than around " << part->objectName().toStdString();
  }
};

TEST_F(TourOfTheWindow, IsShownOnceAndAgainFromTheHelpMenu) {
  ASSERT_TRUE(loadData());
  window->tour().startOnce();
  ASSERT_NE(card(), nullptr);
  EXPECT_FALSE(card()->isModal());
  EXPECT_TRUE(action("open")->isEnabled()) << "nothing is in its way";
  button("tourSkip")->click();
  EXPECT_FALSE(window->tour().isOpen());
  reopen();
  window->tour().startOnce();
  EXPECT_FALSE(window->tour().isOpen()) << "once is enough";
  EXPECT_EQ(session->source(), QString());
  auto* help = window->findChild<QToolButton*>("helpMenu");
  ASSERT_NE(help, nullptr);
  ASSERT_TRUE(help->menu()->actions().contains(action("tour")));
  action("tour")->trigger();
  EXPECT_TRUE(window->tour().isOpen());
  EXPECT_TRUE(waitFor([&] { return session->source() == "phantom:amos"; }))
      << "where nothing is open it opens the phantom";
}

TEST_F(TourOfTheWindow, PointsAtEachControlAndTicksWhatWasDone) {
  ASSERT_TRUE(loadData());
  session->settings().set("epochs", 40);
  action("tour")->trigger();
  auto* erosions = window->findChild<QSlider*>("iterations.slider");
  EXPECT_TRUE(pointsAt(erosions));
  EXPECT_FALSE(isDone());
  EXPECT_FALSE(button("tourBack")->isEnabled());
  erosions->setValue(erosions->value() + 1);
  EXPECT_TRUE(isDone());

  button("tourNext")->click();
  EXPECT_TRUE(pointsAt(window->findChild<QToolBar*>("tools")->widgetForAction(action("start"))));
  EXPECT_TRUE(text("tourText").contains("F5"));
  action("start")->trigger();
  ASSERT_TRUE(waitFor([&] { return session->run().isActive(); }));
  EXPECT_TRUE(isDone());
  ASSERT_TRUE(
      waitFor([&] { return session->run().steps().size() >= 1 || session->run().state() == "failed"; }));

  button("tourNext")->click();
  auto* lambda = window->findChild<QSlider*>("lambda.slider");
  EXPECT_TRUE(pointsAt(lambda));
  EXPECT_EQ(button("tourNext")->text(), "Done");
  lambda->setValue(80);
  EXPECT_TRUE(isDone());
  button("tourBack")->click();
  EXPECT_TRUE(text("tourTitle").contains("runs already"));
  EXPECT_TRUE(isDone());
  button("tourNext")->click();
  button("tourNext")->click();
  EXPECT_FALSE(window->tour().isOpen());
  EXPECT_TRUE(session->run().isActive()) << "the training goes on";
  action("stop")->trigger();
  ASSERT_TRUE(waitForState("stopped"));
}

TEST_F(TourOfTheWindow, IsReachedByKeyboardAndReadAloud) {
  window->activateWindow();
  if (!QTest::qWaitForWindowActive(window.get())) GTEST_SKIP() << "no window on this display";
  ASSERT_TRUE(loadData());
  action("tour")->trigger();
  EXPECT_TRUE(card()->accessibleName().contains("step 1 of 3")) << card()->accessibleName().toStdString();
  EXPECT_EQ(card()->accessibleDescription(), text("tourText"));
  for (auto* one : card()->findChildren<QPushButton*>()) EXPECT_FALSE(one->accessibleName().isEmpty());
  EXPECT_EQ(window->focusWidget(), button("tourNext"));
  QTest::keyClick(window->focusWidget(), Qt::Key_Space);
  EXPECT_TRUE(card()->accessibleName().contains("step 2 of 3"));
  QTest::keyClick(window->focusWidget(), Qt::Key_Escape);
  EXPECT_FALSE(window->tour().isOpen());
}

}  // namespace
}  // namespace rind::workbench
