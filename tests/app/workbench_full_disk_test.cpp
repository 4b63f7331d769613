// What is saved onto a full disk.
#include <gtest/gtest.h>

#include <QSignalSpy>

#include "rind/core/atomic_file.h"
#include "rind/test_support/small_disk.h"
#include "rind/workbench/chart_card.h"
#include "rind/workbench/compare_window.h"
#include "rind/workbench/surface_desk.h"
#include "workbench_window.h"
#include "written_run.h"

namespace rind::workbench {
namespace {

namespace fs = std::filesystem;
using test_support::SmallDisk;

class FullDisk : public Workbench {
 protected:
  QString said(const char* label) { return window->findChild<QLabel*>(label)->text(); }

  QString savePicture(const fs::path& file, const char* view) {
    QSignalSpy saved(&window->pictures(), &PictureDesk::saved);
    QSignalSpy failed(&window->pictures(), &PictureDesk::failed);
    window->pictures().save({QString::fromStdString(file.string()), view, {640, 480}});
    waitFor([&] { return saved.count() + failed.count() > 0; });
    return failed.isEmpty() ? QString() : failed.front().front().toString();
  }

  QString saveChartAs(const fs::path& file) {
    auto* chart = window->findChild<charts::CurveChart*>("lossChart");
    auto* notice = window->findChild<NoticeBar*>("notice");
    saveChart(*chart, QString::fromStdString(file.string()), *notice);
    return said("noticeText");
  }

  QString saveComparison(const fs::path& file) {
    CompareWindow compare({QString::fromStdString((folder / "a-01").string()),
                           QString::fromStdString((folder / "b-02").string())});
    compare.show();
    auto* scores = compare.findChild<QTableWidget*>("compareScores");
    waitFor([&] { return scores->rowCount() > 0; });
    compare.exportTo(QString::fromStdString(file.string()));
    return compare.findChild<QLabel*>("compareSaid")->text();
  }

  QString saveSurfaces(const fs::path& file) {
    const auto name = QString::fromStdString(file.filename().string());
    window->findChild<NoticeBar*>("notice")->say("nothing yet", false);
    window->findChild<SurfaceDesk*>()->write(QString::fromStdString(file.string()), false);
    waitFor([&] { return said("noticeText").contains(name); });
    return said("noticeText");
  }
};

TEST_F(FullDisk, EveryFileIsRefusedInOneSentenceAndWhatWasThereStays) {
  const SmallDisk disk(folder / "disk");
  if (!disk.isMounted()) GTEST_SKIP() << "mounting a small file system is not permitted here";
  writeRun(folder / "a-01", 0.5, 0);
  writeRun(folder / "b-02", 0.8, 0.02);
  ASSERT_TRUE(loadData());
  for (int step = 1; step <= 50; ++step) {
    messages::Step event{{step, 1, 1.0 * step}};
    event.loss = 1.0 / step;
    session->run().apply(event);
  }
  const std::pair<const char*, std::function<QString(const fs::path&)>> ways[] = {
      {"loss.png", [&](const fs::path& file) { return saveChartAs(file); }},
      {"loss.svg", [&](const fs::path& file) { return saveChartAs(file); }},
      {"loss.csv", [&](const fs::path& file) { return saveChartAs(file); }},
      {"slice.png", [&](const fs::path& file) { return savePicture(file, "axial"); }},
      {"window.png", [&](const fs::path& file) { return savePicture(file, "window"); }},
      {"compared.csv", [&](const fs::path& file) { return saveComparison(file); }},
      {"organs.ply", [&](const fs::path& file) { return saveSurfaces(file); }}};
  for (const auto& [name, save] : ways) core::writeFileWhole(disk / name, "before");
  disk.fill();
  const auto names = disk.names();
  for (const auto& [name, save] : ways) {
    const QString sentence = save(disk / name);
    EXPECT_TRUE(sentence.contains((disk / name).c_str())) << name << ": " << sentence.toStdString();
    EXPECT_TRUE(sentence.contains("No space left on device")) << name << ": " << sentence.toStdString();
    EXPECT_TRUE(sentence.contains("make room")) << name << ": " << sentence.toStdString();
    EXPECT_FALSE(sentence.contains('\n')) << name << ": " << sentence.toStdString();
    EXPECT_EQ(core::readFile(disk / name), "before") << name;
    EXPECT_EQ(disk.names(), names) << name << ": nothing half written lies about";
  }
  disk.makeRoom();
  for (const auto& [name, save] : ways) {
    const QString sentence = save(disk / name);
    EXPECT_FALSE(sentence.contains("space")) << name << ": " << sentence.toStdString();
    EXPECT_GT(fs::file_size(disk / name), 100U) << name;
  }
}

TEST_F(FullDisk, APictureWhoseCaptionCannotBeWrittenIsNotThereEither) {
  ASSERT_TRUE(loadData());
  fs::create_directories(folder / "picture.txt" / "in the way");
  const QString sentence = savePicture(folder / "picture.png", "axial");
  EXPECT_TRUE(sentence.contains("picture.txt")) << sentence.toStdString();
  EXPECT_FALSE(fs::exists(folder / "picture.png"));
}

}  // namespace
}  // namespace rind::workbench
