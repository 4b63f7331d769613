#include <gtest/gtest.h>

#include <QApplication>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTableWidget>

#include "rind/core/atomic_file.h"
#include "rind/workbench/keyboard_sheet.h"
#include "rind/workbench/surface_desk.h"
#include "rind/workbench/theme.h"
#include "workbench_window.h"

namespace rind::workbench {
namespace {

TEST_F(Workbench, SaysWhatToDoBeforeAnythingIsOpen) {
  EXPECT_FALSE(action("start")->isEnabled());
  session->open("/no/such/folder");
  auto* problem = window->findChild<QLabel*>("dataProblem");
  ASSERT_TRUE(waitFor([&] { return problem->isVisible(); }));
  EXPECT_TRUE(problem->text().contains("/no/such/folder")) << problem->text().toStdString();
}

TEST_F(Workbench, TheSliderMovesTheBandAndTheTable) {
  ASSERT_TRUE(loadData());
  const auto share = session->shownCase().facts().at(6).band_share;  // liver
  const auto before = window->views().view(ViewGrid::kAxial)->grab().toImage();
  auto* slider = window->findChild<QSlider*>("iterations.slider");
  ASSERT_NE(slider, nullptr);
  slider->setValue(slider->value() + 2);
  EXPECT_EQ(session->settings().config().contour.iterations, 3);
  EXPECT_EQ(window->findChild<QSpinBox*>("iterations")->value(), 3);
  EXPECT_GT(session->shownCase().facts().at(6).band_share, share);
  EXPECT_NE(window->views().view(ViewGrid::kAxial)->grab().toImage(), before);
  action("undo")->trigger();
  EXPECT_EQ(slider->value(), 0);
}

TEST_F(Workbench, The3dViewShowsShells) {
  if (!QTest::qWaitForWindowExposed(window.get())) GTEST_SKIP() << "no window on this display";
  ASSERT_TRUE(loadData());
  ASSERT_TRUE(waitFor([&] { return !window->views().surfaces()->isBusy(); }));
  EXPECT_GT(window->views().sceneView().ask([](auto& scene) { return scene.triangles(); }), 1000);
  if (!window->views().renderWidget()->isWorking()) GTEST_SKIP() << "no OpenGL 3.2 on this display";
  const QImage picture = window->picture("3d");
  const QColor background = picture.pixelColor(2, picture.height() - 2);
  int drawn = 0;
  for (int y = 0; y < picture.height(); y += 4)
    for (int x = 0; x < picture.width(); x += 4) drawn += picture.pixelColor(x, y) != background ? 1 : 0;
  EXPECT_GT(drawn, picture.width() * picture.height() / 16 / 50) << "organs cover some of the view";
  EXPECT_LT(background.lightness(), 60);
}

TEST_F(Workbench, ARunWithoutItsDataSetShowsItsOrgansAndScores) {
  const auto run = folder / "orphan";
  std::filesystem::create_directories(run);
  core::RunConfig config;
  config.data = "/no/such/folder";
  const nlohmann::json labels = {{{"value", 0}, {"name", "background"}, {"colour", {0, 0, 0}}},
                                 {{"value", 1}, {"name", "cortex"}, {"colour", {230, 20, 10}}},
                                 {{"value", 2}, {"name", "medulla"}, {"colour", {10, 20, 230}}}};
  core::writeFileWhole(run / "run.json",
                       nlohmann::json{{"config", config}, {"model", {{"labels", labels}}}}.dump());
  messages::Epoch epoch{{10, 1, 5}};
  epoch.classes = {{1, "cortex", 0.75}, {2, "medulla", 0.5}};
  core::writeFileWhole(run / "events.jsonl", messages::toJson(epoch).dump() + "\nnot a line of events\n");
  session->open(QString::fromStdString(run.string()));
  auto* problem = window->findChild<QLabel*>("dataProblem");
  ASSERT_TRUE(waitFor([&] { return problem->isVisible(); }));
  EXPECT_TRUE(problem->text().contains("/no/such/folder")) << problem->text().toStdString();
  auto* organs = window->findChild<QTableWidget*>("organTable");
  ASSERT_EQ(organs->rowCount(), 2);
  EXPECT_EQ(organs->item(0, panels::OrganTable::kName)->text(), "cortex");
  EXPECT_EQ(organs->item(0, panels::OrganTable::kDsc)->text(), "0.750");
  EXPECT_EQ(organs->item(0, panels::OrganTable::kName)->icon().pixmap(12).toImage().pixelColor(5, 5),
            QColor(230, 20, 10));
  EXPECT_TRUE(window->findChild<QLabel*>("noticeText")->text().contains("One line"))
      << "a broken line is said where it happens";
}

TEST_F(Workbench, TheCaseOnTheScreenKeepsOnlyTheChannelThatIsSeenWhileTheNextOneIsRead) {
  session->open("phantom:brats,cases=4,size=32x32x32");
  auto& shown = session->shownCase();
  ASSERT_TRUE(waitFor([&] { return !shown.empty() && !session->isLoading(); }));
  ASSERT_EQ(shown.loaded().heldChannels(), 4);
  shown.setChannel(2);
  const std::string first = shown.loaded().prepared.id;
  const float before = shown.image()[16 * 32 * 32 + 16 * 32 + 16];
  std::vector<std::string> others;
  for (const auto& one : session->data()->cases)
    if (one.id != first) others.push_back(one.id);
  session->showCase(QString::fromStdString(others[0]), true);
  ASSERT_TRUE(
      waitFor([&] { return shown.loaded().heldChannels() == 1 || shown.loaded().prepared.id != first; }));
  if (shown.loaded().prepared.id == first) {
    EXPECT_EQ(shown.image()[16 * 32 * 32 + 16 * 32 + 16], before);
  }
  session->showCase(QString::fromStdString(others[1]), true);
  session->showCase(QString::fromStdString(others[2]), true);
  ASSERT_TRUE(waitFor([&] { return !session->isLoading(); }));
  EXPECT_EQ(shown.loaded().prepared.id, others[2]) << "the newest wish counts";
  EXPECT_EQ(shown.loaded().heldChannels(), 4);
  EXPECT_EQ(shown.channel(), 2);
}

TEST_F(Workbench, SurfacesOfTheOrgansThatAreShownAreWritten) {
  EXPECT_FALSE(action("exportReference")->isEnabled());
  ASSERT_TRUE(loadData());
  EXPECT_TRUE(action("exportReference")->isEnabled());
  EXPECT_FALSE(action("exportPrediction")->isEnabled()) << "there is none";
  session->shownCase().setVisible(6, false);
  auto* desk = window->findChild<SurfaceDesk*>();
  auto* said = window->findChild<QLabel*>("noticeText");
  const auto file = folder / "organs.obj";
  desk->write(QString::fromStdString(file.string()), false);
  ASSERT_TRUE(waitFor([&] { return said->text().contains("organs.obj"); })) << said->text().toStdString();
  const std::string text = core::readFile(file);
  EXPECT_NE(text.find("o spleen\n"), std::string::npos);
  EXPECT_EQ(text.find("o liver\n"), std::string::npos) << "it is hidden";
  desk->write("/no/such/folder/organs.glb", false);
  EXPECT_TRUE(waitFor([&] { return said->text().contains("/no/such/folder"); }));
}

TEST_F(Workbench, F1ListsEveryActionWithAShortcut) {
  window->activateWindow();
  if (!QTest::qWaitForWindowActive(window.get())) GTEST_SKIP() << "no window on this display";
  QTest::keyClick(window.get(), Qt::Key_F1);
  auto* sheet = window->findChild<KeyboardSheet*>();
  ASSERT_NE(sheet, nullptr);
  EXPECT_FALSE(sheet->isModal());
  QStringList listed;
  for (const auto* label : sheet->findChildren<QLabel*>()) {
    EXPECT_FALSE(label->accessibleName().isEmpty()) << label->text().toStdString();
    listed << label->text();
  }
  for (const auto* one : window->findChildren<QAction*>()) {
    const QString keys = one->shortcut().toString(QKeySequence::NativeText);
    EXPECT_TRUE(keys.isEmpty() || listed.contains(keys)) << one->text().toStdString();
  }
  EXPECT_TRUE(listed.contains("Show or hide Band"));
  EXPECT_TRUE(listed.filter("✕").isEmpty()) << "the notice's button is no layer";
  QTest::keyClick(sheet, Qt::Key_Escape);
  EXPECT_TRUE(waitFor([&] { return window->findChild<KeyboardSheet*>() == nullptr; }));
}

}  // namespace
}  // namespace rind::workbench

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  rind::rendering::RenderWidget::askForOpenGl();
  QApplication application(argc, argv);
  rind::workbench::applyTheme(application);
  return RUN_ALL_TESTS();
}
