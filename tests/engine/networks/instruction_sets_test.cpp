#include "rind/test_support/instruction_sets.h"

#include "relu_batch_norm_case.h"

namespace rind::networks::testing {
namespace {

TEST(InstructionSets, AllEqualLibTorchsReluAndBatchNormalisation) {
  test_support::withEachInstructionSet([] {
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16})
      for (const std::int64_t channels : {1, 3, 16, 24}) {
        SCOPED_TRACE(std::to_string(channels) + " channels, " + at::toString(type));
        expectTraining({channels, {3, 5, 7}, type});
        expectEvaluation({channels, {3, 5, 7}, type});
      }
  });
}

}  // namespace
}  // namespace rind::networks::testing
