// The kernels as each instruction set of this machine computes them, not the best alone.
#include "rind/test_support/instruction_sets.h"

#include <limits>

#include "fused_equals_composed.h"
#include "rind/core/error.h"

namespace rind::losses::testing {
namespace {

using test_support::withEachInstructionSet;

TEST(InstructionSets, AllEqualTheComposedLosses) {
  const LossCase few = randomCase({2, 5, 6, 9, 16}, 40);
  const LossCase many = randomCase({1, 16, 64, 64, 65}, 41);
  withEachInstructionSet([&] {
    for (const Layout& layout : kLayouts)
      for (const core::LossKind kind : {core::LossKind::cwcd, core::LossKind::gdl, core::LossKind::dwce})
        expectFusedEqualsComposed(few, {.kind = kind}, layout);
    expectFusedEqualsComposed(many, {}, kLayouts[2]);
  });
}

TEST(InstructionSets, AllGiveTheSameDistanceWeights) {
  const at::Tensor labels = randomCase({1, 5, 9, 17, 70}, 43).target.labels;
  const core::LabelView view{{9, 17, 70}, labels.const_data_ptr<std::uint8_t>()};
  const auto best = distanceWeights<double>(view, 5, 10, 5);
  withEachInstructionSet([&] {
    const auto weights = distanceWeights<double>(view, 5, 10, 5);
    for (std::size_t i = 0; i < best.voxels.size(); ++i)
      ASSERT_NEAR(weights.voxels[i], best.voxels[i], 1e-12);
  });
}

TEST(InstructionSets, AllRefuseLogitsThatAreNotFinite) {
  using Limits = std::numeric_limits<double>;
  const LossCase good = randomCase({1, 4, 6, 9, 16}, 42);
  withEachInstructionSet([&] {
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
