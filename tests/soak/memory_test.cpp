#include "memory.h"

#include <gtest/gtest.h>

namespace rind::soak {
namespace {

TEST(SoakMemory, OnlyWhatGrowsOnIsGrowth) {
  EXPECT_NEAR(growth({100, 150, 200, 200, 210, 220, 230, 240, 250}), 50, 1e-9) << "10 MB a cycle over six";
  EXPECT_NEAR(growth({50, 150, 200, 200, 200, 200, 200, 200, 200}), 0, 1e-9) << "caches that fill at first";
  EXPECT_LT(growth({200, 200, 200, 210, 190, 210, 190, 210, 190}), 0.1) << "to and fro";
  EXPECT_EQ(growth({100, 200, 300}), 0) << "too few to tell";
}

TEST(SoakMemory, ThisProcessHasSome) {
  EXPECT_GT(heldMegabytes(), 1);
}

}  // namespace
}  // namespace rind::soak
