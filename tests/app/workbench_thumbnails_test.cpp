// Small pictures of the cases in their list.
#include <gtest/gtest.h>

#include <QScrollBar>

#include "rind/core/atomic_file.h"
#include "rind/workbench/thumbnail.h"
#include "workbench_window.h"

namespace rind::workbench {
namespace {

class Thumbnails : public Workbench {
 protected:
  panels::CaseList* list() { return window->findChild<panels::CaseList*>(); }

  bool isIdle() { return !session->isLoading() && session->thumbnails().isIdle(); }

  bool hasAllThatAreSeen() {
    return waitFor([&] { return isIdle() && list()->count() > 0 && list()->hasPicture(0); });
  }

  int pictures() {
    int count = 0;
    for (int row = 0; row < list()->count(); ++row) count += list()->hasPicture(row) ? 1 : 0;
    return count;
  }

  QImage pictureOf(int row) { return list()->item(row)->icon().pixmap(34).toImage(); }

  std::vector<std::filesystem::path> keptFiles() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(cache.path())) files.push_back(entry.path());
    return files;
  }

  static int coloured(const QImage& image) {
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x) count += image.pixelColor(x, y).saturation() > 40 ? 1 : 0;
    return count;
  }
};

TEST_F(Thumbnails, ShowTheOrgansOfEachCaseThatIsSeen) {
  ASSERT_TRUE(loadData());
  ASSERT_TRUE(hasAllThatAreSeen());
  ASSERT_TRUE(list()->hasPicture(1));
  const QImage first = pictureOf(0);
  EXPECT_GT(coloured(first), first.width() * first.height() / 20) << "organs in their colours";
  EXPECT_NE(first, pictureOf(1)) << "each of its own case";
  EXPECT_EQ(static_cast<int>(keptFiles().size()), pictures());
}

TEST_F(Thumbnails, AreThoseThatWereKeptTheSecondTime) {
  ASSERT_TRUE(loadData());
  ASSERT_TRUE(hasAllThatAreSeen());
  QImage red(kThumbnailSide, kThumbnailSide, QImage::Format_RGB32);
  red.fill(Qt::red);
  for (const auto& file : keptFiles()) ASSERT_TRUE(red.save(QString::fromStdString(file.string())));
  reopen();
  ASSERT_TRUE(loadData());
  ASSERT_TRUE(hasAllThatAreSeen());
  EXPECT_EQ(pictureOf(0).pixelColor(5, 5), QColor(Qt::red));
}

TEST_F(Thumbnails, WhoseFilesAreBrokenAreDrawnAgain) {
  ASSERT_TRUE(loadData());
  ASSERT_TRUE(hasAllThatAreSeen());
  const QImage good = pictureOf(0);
  const auto files = keptFiles();
  ASSERT_GE(files.size(), 2U);
  const std::string content = core::readFile(files[0]);
  core::writeFileWhole(files[0], content.substr(0, content.size() / 2));
  core::writeFileWhole(files[1], "no picture at all");
  QImage small(7, 7, QImage::Format_RGB32);
  small.fill(Qt::red);
  for (std::size_t i = 2; i < files.size(); ++i)
    ASSERT_TRUE(small.save(QString::fromStdString(files[i].string())));
  reopen();
  ASSERT_TRUE(loadData());
  ASSERT_TRUE(hasAllThatAreSeen());
  EXPECT_EQ(pictureOf(0), good);
  EXPECT_EQ(core::readFile(files[0]), content) << "and is kept again";
}

TEST_F(Thumbnails, OfASourceThatIsLeftAreNotDrawnAnyMore) {
  session->open("phantom:amos,cases=40,size=64x64x64");
  ASSERT_TRUE(waitFor([&] { return pictures() > 0; }));
  session->open("phantom:brats,cases=3,size=32x32x32");
  ASSERT_TRUE(waitFor([&] { return list()->count() == 3; }));
  QStringList drawn;
  QObject::connect(&session->thumbnails(), &ThumbnailDesk::drawn, window.get(),
                   [&](const QString& id, const QImage&) { drawn << id; });
  ASSERT_TRUE(hasAllThatAreSeen());
  ASSERT_FALSE(drawn.isEmpty());
  for (const auto& id : drawn)
    EXPECT_NO_THROW(datasets::findCase(*session->data(), id.toStdString())) << id.toStdString();
  EXPECT_EQ(drawn.size(), pictures());
}

TEST_F(Thumbnails, WaitForTheEndOfATraining) {
  list()->pictures()->setChecked(false);
  ASSERT_TRUE(loadData());
  action("start")->trigger();
  ASSERT_TRUE(session->run().isActive());
  list()->pictures()->setChecked(true);
  int while_training = 0;
  QObject::connect(&session->thumbnails(), &ThumbnailDesk::drawn, window.get(),
                   [&] { while_training += session->run().isActive() ? 1 : 0; });
  ASSERT_TRUE(waitForState("finished"));
  EXPECT_EQ(while_training, 0);
  EXPECT_TRUE(hasAllThatAreSeen());
}

TEST_F(Thumbnails, OfAThousandCasesAreMadeWhereTheyAreSeen) {
  session->open("phantom:amos,cases=1000,size=32x32x32");
  ASSERT_TRUE(waitFor([&] { return list()->count() == 1000; }));
  ASSERT_TRUE(waitFor([&] { return !session->shownCase().empty() && isIdle() && pictures() > 0; }));
  EXPECT_LT(pictures(), 20);
  list()->scrollToItem(list()->item(999));
  EXPECT_TRUE(waitFor([&] { return list()->hasPicture(999); }));
  EXPECT_FALSE(list()->hasPicture(500));
}

TEST_F(Thumbnails, CanBeSwitchedOff) {
  ASSERT_TRUE(loadData());
  ASSERT_TRUE(hasAllThatAreSeen());
  const int high = list()->visualItemRect(list()->item(0)).height();
  list()->pictures()->setChecked(false);
  EXPECT_EQ(pictures(), 0);
  EXPECT_LT(list()->visualItemRect(list()->item(0)).height(), high);
  list()->pictures()->setChecked(true);
  EXPECT_TRUE(hasAllThatAreSeen());
  EXPECT_FALSE(list()->horizontalScrollBar()->isVisible());
}

TEST_F(Thumbnails, ThatWereLongUnwantedMakeRoom) {
  const auto place = folder / "kept";
  ThumbnailCache few(place, 10);
  QImage picture(kThumbnailSide, kThumbnailSide, QImage::Format_RGB32);
  picture.fill(Qt::blue);
  for (int i = 0; i < 30; ++i) {
    const std::string key = std::to_string(i);
    few.write(key, picture);
    const auto written = std::filesystem::file_time_type::clock::now() - std::chrono::hours(30 - i);
    std::filesystem::last_write_time(place / (key + ".png"), written);
  }
  ASSERT_FALSE(few.read("0").isNull()) << "now it is wanted";
  ThumbnailCache again(place, 10);
  again.write("new", picture);
  EXPECT_FALSE(again.read("0").isNull());
  EXPECT_TRUE(again.read("1").isNull());
  EXPECT_FALSE(again.read("29").isNull());
  EXPECT_FALSE(again.read("new").isNull());
}

}  // namespace
}  // namespace rind::workbench
