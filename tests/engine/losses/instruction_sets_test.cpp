// The kernels as each instruction set of this machine computes them, not the best alone.
#include <hwy/targets.h>

#include <limits>

#include "fused_equals_composed.h"
#include "rind/core/error.h"

namespace rind::losses::testing {
namespace {

class InstructionSets : public ::testing::Test {
 protected:
  template <class Work>
  static void withEach(const Work& work) {
    for (std::int64_t left = hwy::SupportedTargets(); left != 0; left &= left - 1) {
      const std::int64_t target = left & -left;
      SCOPED_TRACE(hwy::TargetName(target));
      use(target);
      work();
    }
  }
  static void use(std::int64_t targets) {
    hwy::SetSupportedTargetsForTest(targets);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
  void TearDown() override { use(0); }
};

TEST_F(InstructionSets, AllEqualTheComposedLosses) {
  const LossCase few = randomCase({2, 5, 6, 9, 16}, 40);
  const LossCase many = randomCase({1, 16, 64, 64, 65}, 41);
  withEach([&] {
    for (const Layout& layout : kLayouts)
      for (const core::LossKind kind : {core::LossKind::cwcd, core::LossKind::gdl, core::LossKind::dwce})
        expectFusedEqualsComposed(few, {.kind = kind}, layout);
    expectFusedEqualsComposed(many, {}, kLayouts[2]);
  });
}

TEST_F(InstructionSets, AllRefuseLogitsThatAreNotFinite) {
  using Limits = std::numeric_limits<double>;
  const LossCase good = randomCase({1, 4, 6, 9, 16}, 42);
  withEach([&] {
    for (const Layout& layout : kLayouts)
      for (const double value : {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity()})
        for (const std::int64_t channel : {0, 1, 2, 3}) {  // the label's own among them
          const at::Tensor logits = good.logits.to(layout.type).contiguous(layout.format).clone();
          logits[0][channel][2][4][7] = value;
          EXPECT_THROW(evaluate(logits, good.target, {}, true, false), core::InputError)
              << layout.name << ", " << value << " in channel " << channel;
        }
  });
}

}  // namespace
}  // namespace rind::losses::testing
