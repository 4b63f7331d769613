#include "rind/core/atomic_file.h"

#include <gtest/gtest.h>

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

TEST(AtomicFile, AFileInPlaceOfAFolderIsRefused) {
  const test_support::TemporaryFolder folder;
  writeFileWhole(folder / "a", "x");
  EXPECT_THROW(requireWritableFolder(folder / "a"), InputError);
}

}  // namespace rind::core
