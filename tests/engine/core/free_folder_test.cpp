#include "rind/core/free_folder.h"

#include <gtest/gtest.h>

#include "rind/test_support/temporary_folder.h"

namespace rind::core {
namespace {

TEST(FreeFolder, IsTheFirstOfItsRow) {
  const test_support::TemporaryFolder place;
  EXPECT_EQ(freeFolder(place.path(), "amos-cwcd"), place / "amos-cwcd-01");
  std::filesystem::create_directory(place / "amos-cwcd-01");
  EXPECT_EQ(freeFolder(place.path(), "amos-cwcd"), place / "amos-cwcd-02");
}

TEST(FreeFolder, FromOneThatIsTakenIsTheNextOfItsRow) {
  const test_support::TemporaryFolder place;
  EXPECT_EQ(freeFolderFrom(place / "run"), place / "run");
  for (const char* name : {"run", "run-01", "run-02", "night-7th"})
    std::filesystem::create_directory(place / name);
  EXPECT_EQ(freeFolderFrom(place / "run-01"), place / "run-03");
  EXPECT_EQ(freeFolderFrom(place / "run"), place / "run-03");
  EXPECT_EQ(freeFolderFrom(place / "night-7th"), place / "night-7th-01") << "no number";
}

}  // namespace
}  // namespace rind::core
