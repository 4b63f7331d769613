#pragma once

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cstdint>

namespace rind::test_support {

/// Calls `work()` with each of this machine's instruction sets chosen for the kernels, not the best alone,
/// and leaves the best chosen.
template <class Work>
void withEachInstructionSet(const Work& work) {
  const auto choose = [](std::int64_t targets) {
    hwy::SetSupportedTargetsForTest(targets);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  };
  for (std::int64_t left = hwy::SupportedTargets(); left != 0; left &= left - 1) {
    const std::int64_t target = left & -left;
    SCOPED_TRACE(hwy::TargetName(target));
    choose(target);
    work();
  }
  choose(0);
}

}  // namespace rind::test_support
