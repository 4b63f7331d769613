// Pictures, their captions, and the dialog that asks for them.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QSplitter>
#include <QToolButton>

#include "rind/core/atomic_file.h"
#include "rind/rendering/scene_picture.h"
#include "workbench_window.h"

namespace rind::workbench {
namespace {

// The command draws with the same program on the same machine: slices are the same to the bit, in 3D the
// rounding of the camera's numbers may move an edge by less than a pixel.
constexpr int kSliceTolerance = 0;
constexpr int kSceneTolerance = 8;             // of 255
constexpr double kSceneShareOfPixels = 0.002;  // that may differ by more
constexpr double kTiledShareOfPixels = 0.01;   // edges are smoothed tile by tile

double shareThatDiffers(const QImage& a, const QImage& b, int tolerance) {
  if (a.size() != b.size()) return 1;
  int differ = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < a.width(); ++x) {
      const QRgb p = a.pixel(x, y);
      const QRgb q = b.pixel(x, y);
      const int most = std::max({std::abs(qRed(p) - qRed(q)), std::abs(qGreen(p) - qGreen(q)),
                                 std::abs(qBlue(p) - qBlue(q)), std::abs(qAlpha(p) - qAlpha(q))});
      differ += most > tolerance ? 1 : 0;
    }
  return static_cast<double>(differ) / (a.width() * a.height());
}

struct Alphas {
  int transparent = 0;
  int opaque = 0;
  int between = 0;
};

Alphas alphasOf(const QImage& image) {
  Alphas count;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x) {
      const int alpha = qAlpha(image.pixel(x, y));
      (alpha == 0 ? count.transparent : alpha == 255 ? count.opaque : count.between) += 1;
    }
  return count;
}

class Pictures : public Workbench {
 protected:
  bool showAll() {
    return loadData() && waitFor([&] { return !window->views().surfaces()->isBusy(); });
  }

  bool has3d() {
    return QTest::qWaitForWindowExposed(window.get()) && window->views().renderWidget()->isWorking();
  }

  QString fileNamed(const char* name) { return QString::fromStdString((folder / name).string()); }

  /// Empty, or why not.
  QString save(const PictureRequest& request) {
    QSignalSpy saved(&window->pictures(), &PictureDesk::saved);
    QSignalSpy failed(&window->pictures(), &PictureDesk::failed);
    window->pictures().save(request);
    waitFor([&] { return saved.count() + failed.count() > 0; });
    return failed.isEmpty() ? QString() : failed.front().front().toString();
  }

  static QString commandIn(const QString& caption) {
    const auto lines =
        QString::fromStdString(core::readFile(caption.toStdString())).split('\n', Qt::SkipEmptyParts);
    return lines.back();
  }

  /// Runs a command as a shell would; what it wrote to the error stream, and its status.
  static std::pair<QString, int> runCommand(const QString& command) {
    QProcess shell;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("PATH", QFileInfo(RIND_WORKBENCH).path() + ':' + environment.value("PATH"));
    shell.setProcessEnvironment(environment);
    shell.start("/bin/sh", {"-c", command});
    shell.waitForFinished(kPatience);
    return {QString::fromUtf8(shell.readAllStandardError()), shell.exitCode()};
  }
};

TEST_F(Pictures, HaveTheSizeThatIsAskedForWhateverTheWindows) {
  ASSERT_TRUE(showAll());
  for (const QSize size : {QSize(1500, 400), QSize(300, 1100), QSize(1801, 1203)})
    for (const auto& view : pictureViews()) {
      if (view == "3d" && !has3d()) continue;
      const auto file = fileNamed("picture.png");
      const QSize before = window->size();
      ASSERT_EQ(save({file, view, size}), QString()) << view.toStdString();
      const QImage picture(file);
      EXPECT_EQ(picture.size(), size) << view.toStdString();
      EXPECT_EQ(alphasOf(picture).opaque, size.width() * size.height()) << view.toStdString();
      EXPECT_EQ(window->size(), before);
    }
}

TEST_F(Pictures, OfTheWindowLeaveItsPartsWhereTheyWere) {
  ASSERT_TRUE(loadData());
  const auto places = [&] {
    QList<QList<int>> all;
    for (const auto* splitter : window->findChildren<QSplitter*>()) all << splitter->sizes();
    return all;
  };
  window->findChild<QSplitter*>("upperSplitter")->setSizes({300, 860});
  const auto before = places();
  for (const QSize size : {QSize(300, 1100), QSize(2500, 300)})
    drawPicture(*window, window->views(), {{}, "window", size});
  EXPECT_EQ(places(), before);
}

TEST_F(Pictures, AreTransparentBesideTheSliceAndBehindTheOrgans) {
  ASSERT_TRUE(showAll());
  for (const char* view : {"axial", "3d"}) {
    if (view == std::string("3d") && !has3d()) continue;
    const auto file = fileNamed("transparent.png");
    ASSERT_EQ(save({file, view, {800, 400}, true}), QString()) << view;
    const QImage picture(file);
    EXPECT_EQ(qAlpha(picture.pixel(60, 390)), 0) << view;
    const auto alphas = alphasOf(picture);
    EXPECT_GT(alphas.transparent, 800 * 400 / 5) << view;
    EXPECT_GT(alphas.opaque, 800 * 400 / 50) << view << ": what is solid covers";
    EXPECT_GT(alphas.between, 0) << view << ": letters' edges and shells";
  }
}

TEST_F(Pictures, LettersAreDrawnAtThePicturesSize) {
  ASSERT_TRUE(showAll());
  const auto steepest = [](const QImage& image) {  // in the letters at the top left
    int most = 0;
    for (int y = 0; y < image.height() / 10; ++y)
      for (int x = 1; x < image.width() / 5; ++x)
        most = std::max(most, std::abs(qGray(image.pixel(x, y)) - qGray(image.pixel(x - 1, y))));
    return most;
  };
  auto* slice = window->views().slice(ViewGrid::kAxial);
  const QImage small = slice->picture({640, 480}, 1, false);
  const QImage large = slice->picture({640 * 8, 480 * 8}, 8, false);
  EXPECT_GT(steepest(large),
            2 * steepest(small.scaled(large.size(), Qt::KeepAspectRatio, Qt::SmoothTransformation)));
}

TEST_F(Pictures, ACaptionsCommandMakesThePictureAgain) {
  ASSERT_TRUE(showAll());
  auto& shown = session->shownCase();
  window->findChild<QSlider*>("iterations.slider")->setValue(1);
  shown.setCursor({12, 20, 17});
  shown.setVisible(6, false);
  shown.setWindow(-0.5F, 1.25F);
  auto layers = shown.layers();
  layers.band = false;
  layers.opacity = 0.8;
  shown.setLayers(layers);
  window->views().slice(ViewGrid::kCoronal)->setPose({1.75, {6, -9}});
  window->findChild<QToolButton*>("cut")->click();
  window->views().sceneView().ask([](auto& scene) { scene.turn(33); });
  ASSERT_TRUE(waitFor([&] { return !window->views().surfaces()->isBusy(); }));
  for (const char* view : {"coronal", "3d"}) {
    const bool scene = view == std::string("3d");
    if (scene && !has3d()) continue;
    const auto file = fileNamed("it's here.png");
    ASSERT_EQ(save({file, view, {640, 480}, scene}), QString());
    const QImage first(file);
    const QString command = commandIn(fileNamed("it's here.txt"));
    ASSERT_TRUE(QFile::remove(file));
    const auto [said, status] = runCommand(command);
    EXPECT_EQ(status, 0) << said.toStdString() << command.toStdString();
    const QImage again(file);
    if (scene)
      EXPECT_LT(shareThatDiffers(first, again, kSceneTolerance), kSceneShareOfPixels)
          << command.toStdString();
    else
      EXPECT_EQ(shareThatDiffers(first, again, kSliceTolerance), 0) << command.toStdString();
    EXPECT_EQ(commandIn(fileNamed("it's here.txt")), command) << "and its caption says the same";
  }
}

TEST_F(Pictures, OfAWindowWhosePanelsWereMovedAreMadeAgain) {
  ASSERT_TRUE(showAll());
  window->resize(1300, 870);
  window->findChild<QSplitter*>("wholeSplitter")->setSizes({420, 860});
  window->findChild<QSplitter*>("upperSplitter")->setSizes({380, 470});
  window->findChild<QSplitter*>("rightSplitter")->setSizes({450, 330});
  window->findChild<QSplitter*>("curveSplitter")->setSizes({200, 400, 260});
  window->findChild<QTabWidget*>("sideTabs")->setCurrentIndex(2);
  ASSERT_TRUE(waitFor([&] { return session->probes().isIdle() && !window->views().surfaces()->isBusy(); }));
  const auto file = fileNamed("window.png");
  ASSERT_EQ(save({file, "window", {1500, 950}}), QString());
  const QImage first(file);
  const QString command = commandIn(fileNamed("window.txt"));
  ASSERT_TRUE(command.contains("--panels 1300x870,whole:")) << command.toStdString();
  EXPECT_TRUE(command.contains("--tab runs")) << command.toStdString();
  // What stands in the table of runs is read from where the command is given.
  const auto [said, status] = runCommand("cd '" + fileNamed("") + "' && " + command);
  ASSERT_EQ(status, 0) << said.toStdString() << command.toStdString();
  EXPECT_LT(shareThatDiffers(first, QImage(file), kSceneTolerance), kSceneShareOfPixels)
      << command.toStdString();
  EXPECT_EQ(commandIn(fileNamed("window.txt")), command) << "and its caption says the same";
  const auto [refused, bad] =
      runCommand("rind-workbench phantom:amos --screenshot x.png --panels 1300x870,nothing:2:3");
  EXPECT_EQ(bad, 2);
  EXPECT_TRUE(refused.contains("--panels: cannot be")) << refused.toStdString();
}

TEST_F(Pictures, ARunsCaptionNamesItsEpochAndTheDatasFingerprint) {
  ASSERT_TRUE(loadData());
  action("start")->trigger();
  ASSERT_TRUE(waitForState("finished"));
  ASSERT_TRUE(waitFor([&] { return session->shownCase().prediction() && !session->isLoading(); }));
  session->showEpoch(1);
  ASSERT_TRUE(waitFor([&] { return session->shownCase().prediction()->epoch == 1; }));
  const auto file = fileNamed("epoch.png");
  ASSERT_EQ(save({file, "sagittal", {640, 480}}), QString());
  const QImage first(file);
  const auto caption = QString::fromStdString(core::readFile((folder / "epoch.txt").string()));
  EXPECT_TRUE(caption.contains("of epoch 1")) << caption.toStdString();
  const auto run = models::readRunFolder(session->runFolder());
  ASSERT_FALSE(run.training_fingerprint.empty());
  EXPECT_TRUE(caption.contains(QString::fromStdString(run.training_fingerprint)));
  const auto [said, status] = runCommand(commandIn(fileNamed("epoch.txt")));
  EXPECT_EQ(status, 0) << said.toStdString();
  EXPECT_EQ(shareThatDiffers(first, QImage(file), kSliceTolerance), 0) << caption.toStdString();
}

TEST_F(Pictures, WhatCannotBeDrawnIsRefusedWithOneSentence) {
  const QString program = QStringLiteral("rind-workbench phantom:amos,cases=5,size=32x32x32 --screenshot ");
  const std::pair<QString, const char*> orders[] = {
      {"x.png --size 99999x3",
       "--size: \"99999x3\" is no size of a picture; give WIDTHxHEIGHT in pixels, from 64x64 to 7680x4320"},
      {"x.png --size huge", "is no size of a picture"},
      {"x.png --view back", "choose one of: axial, coronal, sagittal, 3d, window"},
      {"x.png --transparent", "is not for the whole window"},
      {"x.gif --view axial", "choose a name that ends in .png"},
      {"x.png --view axial --at here", "give it as in --at 40,52,30"},
      {"x.png --view axial --layer error", "there is no prediction of case"},
      {"x.png --view axial --set iterations=many", "is not a number"},
      {"/no/such/folder/x.png --view axial", "/no/such/folder/x.png: cannot be written"}};
  for (const auto& [order, sentence] : orders) {
    const auto [said, status] = runCommand("cd '" + fileNamed("") + "' && " + program + order);
    EXPECT_EQ(status, 2) << order.toStdString();
    EXPECT_TRUE(said.contains(sentence)) << order.toStdString() << ": " << said.toStdString();
    // Qt may say a line of its own, such as that XDG_RUNTIME_DIR is not set.
    EXPECT_EQ(said.count(QStringLiteral("rind-workbench: ")), 1) << said.toStdString();
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "x.png"));
}

TEST_F(Pictures, TheDialogSavesWhatItSaysAndStaysWhereItCannot) {
  ASSERT_TRUE(loadData());
  action("screenshot")->trigger();
  auto* dialog = window->findChild<PictureDialog*>();
  ASSERT_NE(dialog, nullptr);
  EXPECT_FALSE(dialog->isModal());
  auto* view = dialog->findChild<QComboBox*>("pictureView");
  view->setCurrentIndex(4);
  EXPECT_FALSE(dialog->findChild<QCheckBox*>("pictureTransparent")->isEnabled())
      << "a window has a background";
  view->setCurrentIndex(1);
  dialog->findChild<QComboBox*>("pictureSize")->setCurrentIndex(1);
  EXPECT_EQ(dialog->request().size, QSize(2048, 2048));
  dialog->findChild<QSpinBox*>("pictureHeight")->setValue(500);
  EXPECT_EQ(dialog->findChild<QComboBox*>("pictureSize")->currentText(), "Own size");
  auto* file = dialog->findChild<QLineEdit*>("pictureFile");
  EXPECT_TRUE(file->text().contains("coronal")) << file->text().toStdString();
  auto* button = dialog->findChild<QPushButton*>("pictureSave");
  auto* problem = dialog->findChild<QLabel*>("pictureProblem");

  file->setText("/no/such/folder/slice.png");
  button->click();
  ASSERT_TRUE(waitFor([&] { return problem->isVisible(); }));
  EXPECT_TRUE(problem->text().contains("/no/such/folder")) << problem->text().toStdString();
  EXPECT_GE(problem->height(), problem->heightForWidth(problem->width())) << "is cut off";
  EXPECT_LE(problem->geometry().bottom(), button->parentWidget()->geometry().top());

  file->setText(fileNamed("slice"));
  button->click();
  ASSERT_TRUE(waitFor([&] { return window->findChild<PictureDialog*>() == nullptr; }));
  EXPECT_EQ(QImage(fileNamed("slice.png")).size(), QSize(2048, 500));
  EXPECT_TRUE(std::filesystem::exists(folder / "slice.txt"));
  EXPECT_TRUE(window->findChild<QLabel*>("noticeText")->text().contains("slice.txt"));
}

TEST_F(Pictures, TheStripOver3dHasRoomForAllItsParts) {
  const auto place = [&](const char* name) { return window->findChild<QWidget*>(name)->geometry(); };
  EXPECT_FALSE(place("cameraPreset").intersects(place("turntable")));
  EXPECT_FALSE(place("cameraPreset").intersects(place("cut")));
  EXPECT_GE(place("cameraPreset").width(), 40);
}

TEST_F(Pictures, TilesMakeTheSamePictureAsOnePiece) {
  ASSERT_TRUE(showAll());
  if (!has3d()) GTEST_SKIP() << "no OpenGL 3.2 on this display";
  auto& views = window->views();
  views.sceneView().chooseMode(rendering::SceneMode::gradient);
  ASSERT_TRUE(waitFor([&] { return session->shownCase().heat() && !views.surfaces()->isBusy(); }));
  const auto draw = [&](int longest_tile) {
    return rendering::drawScene(*views.renderWidget(), views.sceneView().scene(),
                                {{901, 640}, 1, false, longest_tile});
  };
  const QImage whole = draw(4096);
  const QImage tiled = draw(400);
  EXPECT_LT(shareThatDiffers(whole, tiled, 24), kTiledShareOfPixels);
  QImage ground(whole.size(), whole.format());
  ground.fill(whole.pixelColor(1, 1));
  EXPECT_GT(shareThatDiffers(whole, ground, 24), 0.1) << "organs, and the bar that explains their colours";
}

}  // namespace
}  // namespace rind::workbench
