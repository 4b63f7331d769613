#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <thread>

#include "rind/core/error.h"
#include "rind/datasets/preparation.h"
#include "rind/test_support/temporary_folder.h"

namespace rind::datasets {
namespace {

namespace fs = std::filesystem;

pid_t inAnotherProcess(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  try {
    work();
  } catch (...) {
    ::_exit(1);
  }
  ::_exit(0);
}

int statusOf(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

class Cache : public ::testing::Test {
 protected:
  std::vector<core::FolderCaseSource::Entry> prepared() const {
    std::vector<std::string> ids;
    for (const auto& c : data_.cases) ids.push_back(c.id);
    PrepareOptions options;
    options.cache = folder_.path();
    options.preprocessing = data_.preprocessing;
    return prepare(data_, ids, options);
  }
  void expectWhole(const std::vector<core::FolderCaseSource::Entry>& entries) const {
    const core::FolderCaseSource source(entries);
    ASSERT_EQ(source.count(), data_.cases.size());
    for (std::size_t i = 0; i < source.count(); ++i) {
      const auto kept = source.open(i), made = loadCase(data_, data_.cases[i], data_.preprocessing);
      ASSERT_EQ(kept.size(), made.size());
      EXPECT_TRUE(std::equal(made.image, made.image + made.size().voxels(), kept.image));
      EXPECT_TRUE(std::equal(made.depth.data, made.depth.data + made.depth.count(), kept.depth.data));
    }
  }
  std::vector<fs::path> leftovers() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder_ / "cases"))
      if (entry.path().filename().string().front() == '.') found.push_back(entry.path());
    return found;
  }

  test_support::TemporaryFolder folder_;
  DataSet data_ = openDataSet("phantom:amos,cases=6,size=16x24x24");
};

TEST_F(Cache, KilledAtAnyPointItGoesOn) {
  for (int kill = 0; kill < 12; ++kill) {
    const pid_t child = inAnotherProcess([&] { prepared(); });
    std::this_thread::sleep_for(std::chrono::milliseconds(4 * kill));
    ::kill(child, SIGKILL);
    statusOf(child);
    if (!fs::exists(folder_ / "cases")) continue;
    for (const auto& entry : fs::directory_iterator(folder_ / "cases")) {
      if (entry.path().filename().string().front() == '.') continue;
      EXPECT_NO_THROW(core::openPreparedCase(entry.path())) << "killed after " << 4 * kill << " ms";
    }
    if (kill % 3 == 0) fs::remove_all(folder_ / "cases");
  }
  expectWhole(prepared());
}

TEST_F(Cache, TwoProcessesMayPrepareTheSameCases) {
  for (int round = 0; round < 4; ++round) {
    const auto work = [&] { expectWhole(prepared()); };
    const pid_t one = inAnotherProcess(work), two = inAnotherProcess(work);
    EXPECT_EQ(statusOf(one), 0);
    EXPECT_EQ(statusOf(two), 0);
    EXPECT_TRUE(leftovers().empty());
    // Damaged ones are replaced while the other uses them.
    for (const auto& entry : fs::directory_iterator(folder_ / "cases"))
      if (round % 2 == 0)
        fs::resize_file(entry.path() / "image.raw", 10);
      else
        fs::remove_all(entry.path());
  }
}

TEST_F(Cache, IsCountedWhileAnotherProgramTakesCasesAway) {
  std::atomic<bool> done = false;
  const std::jthread other([&] {
    for (int i = 0; i < 400; ++i) {
      const auto one = folder_ / "cases" / "one";
      fs::create_directories(one);
      std::ofstream(one / "image.raw") << "1234567";
      fs::remove_all(one);
    }
    done = true;
  });
  while (!done) EXPECT_LE(cacheBytes(folder_.path()), 7U);
}

TEST_F(Cache, WhatKilledProcessesLeftIsRemovedLater) {
  fs::create_directories(folder_ / "cases/.a.part-1-0");
  fs::create_directories(folder_ / "cases/.b.part-1-0");
  fs::last_write_time(folder_ / "cases/.a.part-1-0",
                      fs::file_time_type::clock::now() - std::chrono::hours(2));
  prepared();
  EXPECT_THAT(leftovers(), ::testing::ElementsAre(folder_ / "cases/.b.part-1-0"));
}

}  // namespace
}  // namespace rind::datasets
