// The kernels as each instruction set of this machine computes them, not the best alone.
#include <hwy/targets.h>

#include "fused_equals_composed.h"

namespace rind::losses::testing {
namespace {

class InstructionSets : public ::testing::Test {
 protected:
  static void use(std::int64_t targets) {
    hwy::SetSupportedTargetsForTest(targets);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
  void TearDown() override { use(0); }
};

TEST_F(InstructionSets, AllEqualTheComposedLosses) {
  const LossCase few = randomCase({2, 5, 6, 9, 16}, 40);
  const LossCase many = randomCase({1, 16, 64, 64, 65}, 41);
  for (std::int64_t left = hwy::SupportedTargets(); left != 0; left &= left - 1) {
    const std::int64_t target = left & -left;
    SCOPED_TRACE(hwy::TargetName(target));
    use(target);
    for (const Layout& layout : kLayouts)
      for (const core::LossKind kind : {core::LossKind::cwcd, core::LossKind::gdl, core::LossKind::dwce})
        expectFusedEqualsComposed(few, {.kind = kind}, layout);
    expectFusedEqualsComposed(many, {}, kLayouts[2]);
  }
}

}  // namespace
}  // namespace rind::losses::testing
