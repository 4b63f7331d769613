#include "rind/core/atomic_file.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "rind/core/error.h"
#include "rind/test_support/temporary_folder.h"

namespace rind::core {

TEST(AtomicFile, AFailingWriterLeavesTheOldFileAndNothingElse) {
  const test_support::TemporaryFolder folder;
  writeFileWhole(folder / "a.txt", "old");
  EXPECT_THROW(writeFileWhole(folder / "a.txt",
                              [](std::ostream& file) {
                                file << "half";
                                throw InputError("x", "y", "z");
                              }),
               InputError);
  EXPECT_EQ(readFile(folder / "a.txt"), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(AtomicFile, AMissingFolderIsNamed) {
  try {
    writeFileWhole("/nowhere/at/all/file.txt", "x");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.where(), "/nowhere/at/all/file.txt");
  }
}

TEST(AtomicFile, AFileIsReadWholeWhateverItsLength) {
  const test_support::TemporaryFolder folder;
  for (const std::size_t size : {0U, 1U, 65536U, 200001U}) {
    const std::string content(size, 'x');
    writeFileWhole(folder / "a", content);
    EXPECT_EQ(readFile(folder / "a"), content);
  }
  EXPECT_EQ(readFile("/proc/self/comm").back(), '\n') << "a file that does not tell its length";
  EXPECT_THROW(readFile(folder.path()), InputError);
}

TEST(AtomicFile, FlushingWhatIsNotThereIsNoError) {
  const test_support::TemporaryFolder folder;
  EXPECT_NO_THROW(flushToDisk(folder / "none"));
  EXPECT_NO_THROW(flushToDisk(folder.path()));
}

TEST(AtomicFile, AFileInPlaceOfAFolderIsRefused) {
  const test_support::TemporaryFolder folder;
  writeFileWhole(folder / "a", "x");
  EXPECT_THROW(requireWritableFolder(folder / "a"), InputError);
}

std::vector<std::string> namesIn(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

TEST(AtomicFile, AFolderIsReplacedWhole) {
  const test_support::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "made");
  writeFileWhole(folder / "made" / "old.txt", "old");
  writeFolderWhole(folder / "made/", [](const std::filesystem::path& to) {
    std::filesystem::create_directory(to / "inner");
    writeFileWhole(to / "inner" / "new.txt", "new");
  });
  EXPECT_EQ(namesIn(folder.path()), std::vector<std::string>{"made"});
  EXPECT_EQ(namesIn(folder / "made"), std::vector<std::string>{"inner"});
  EXPECT_EQ(readFile(folder / "made" / "inner" / "new.txt"), "new");
}

TEST(AtomicFile, AFailingWriterLeavesTheOldFolderAndNothingElse) {
  const test_support::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "made");
  writeFileWhole(folder / "made" / "old.txt", "old");
  EXPECT_THROW(writeFolderWhole(folder / "made",
                                [](const std::filesystem::path& to) {
                                  writeFileWhole(to / "half.txt", "half");
                                  throw InputError("x", "y", "z");
                                }),
               InputError);
  EXPECT_EQ(namesIn(folder.path()), std::vector<std::string>{"made"});
  EXPECT_EQ(namesIn(folder / "made"), std::vector<std::string>{"old.txt"});
}

TEST(AtomicFile, AFolderIsNotPutInAFilesPlace) {
  const test_support::TemporaryFolder folder;
  writeFileWhole(folder / "a", "x");
  EXPECT_THROW(writeFolderWhole(folder / "a", [](const std::filesystem::path&) {}), InputError);
  EXPECT_THROW(writeFolderWhole(folder / "none" / "a", [](const std::filesystem::path&) {}), InputError);
  EXPECT_EQ(readFile(folder / "a"), "x");
}

}  // namespace rind::core
