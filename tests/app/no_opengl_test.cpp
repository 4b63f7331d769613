// A display without OpenGL: Qt's own for pictures only.
#include <gtest/gtest.h>

#include <cstdlib>

#include "rind_program.h"

namespace rind::app {
namespace {

TEST(NoOpenGl, TheWindowOpensAndItsPictureIsTaken) {
  const test_support::TemporaryFolder folder;
  ::setenv("QT_QPA_PLATFORM", "offscreen", 1);
  ::setenv("XDG_RUNTIME_DIR", folder.path().c_str(), 1);
  for (const char* view : {"window", "3d"}) {
    const auto file = folder / (std::string(view) + ".png");
    const auto result = testing::runRind({"phantom:amos,cases=2,size=24x24x24", "--screenshot", file.string(),
                                          "--view", view, "--size", "1000x700"});
    EXPECT_EQ(result.status, 0) << result.errors;
    EXPECT_TRUE(std::filesystem::exists(file)) << view;
  }
}

}  // namespace
}  // namespace rind::app
