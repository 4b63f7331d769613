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
  const auto take = [&](const std::string& view) {
    return testing::runRind({"phantom:amos,cases=2,size=24x24x24", "--screenshot",
                             (folder / (view + ".png")).string(), "--view", view, "--size", "1000x700"});
  };
  const auto whole = take("window");
  EXPECT_EQ(whole.status, 0) << whole.errors;
  EXPECT_TRUE(std::filesystem::exists(folder / "window.png"));
  const auto organs = take("3d");
  EXPECT_EQ(organs.status, 2) << organs.errors;
  EXPECT_NE(organs.errors.find("OpenGL"), std::string::npos) << organs.errors;
  EXPECT_FALSE(std::filesystem::exists(folder / "3d.png"));
}

}  // namespace
}  // namespace rind::app
