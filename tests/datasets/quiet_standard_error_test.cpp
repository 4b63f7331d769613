#include "rind/datasets/quiet_standard_error.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>

#include "rind/core/atomic_file.h"
#include "rind/test_support/temporary_folder.h"

namespace rind::datasets {
namespace {

TEST(QuietStandardError, LetsThroughWhatRindItselfSays) {
  const test_support::TemporaryFolder folder;
  const int before = ::dup(STDERR_FILENO);
  const int file = ::open((folder / "errors").c_str(), O_WRONLY | O_CREAT, 0600);
  ASSERT_GE(file, 0);
  ::dup2(file, STDERR_FILENO);
  {
    const QuietStandardError quiet;
    std::fputs("a codec\n", stderr);
    writeToStandardError("Rind\n");
  }
  writeToStandardError("again\n");
  ::dup2(before, STDERR_FILENO);
  ::close(file);
  ::close(before);
  EXPECT_EQ(core::readFile(folder / "errors"), "Rind\nagain\n");
}

}  // namespace
}  // namespace rind::datasets
