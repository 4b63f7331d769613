#include "rind/networks/relu_batch_norm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <limits>

#include "relu_batch_norm_case.h"

namespace rind::networks::testing {

class ReluBatchNormTest : public ::testing::TestWithParam<Case> {};

TEST_P(ReluBatchNormTest, EqualsLibTorchsInTraining) {
  expectTraining(GetParam());
}

TEST_P(ReluBatchNormTest, EqualsLibTorchsInEvaluation) {
  expectEvaluation(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Shapes, ReluBatchNormTest,
                         ::testing::Values(Case{16, {5, 7, 9}, at::kFloat},
                                           Case{16, {5, 7, 9}, at::kBFloat16}, Case{1, {3, 5, 7}, at::kFloat},
                                           Case{3, {4, 5, 7}, at::kBFloat16}, Case{24, {3, 3, 5}, at::kFloat},
                                           Case{128, {2, 3, 5}, at::kBFloat16},
                                           Case{32, {20, 30, 70}, at::kFloat},
                                           Case{16, {48, 60, 70}, at::kBFloat16}));

TEST(ReluBatchNorm, WhatIsNotANumberStaysSo) {
  at::Tensor x = at::zeros({1, 16, 2, 3, 5}).contiguous(at::MemoryFormat::ChannelsLast3d);
  x.index_put_({at::tensor(0), at::tensor(3), at::tensor(1), at::tensor(2), at::tensor(4)},
               std::numeric_limits<float>::quiet_NaN());
  const at::Tensor y = reluBatchNorm(x.clone().requires_grad_() * 1, stateOf(16), true);
  EXPECT_EQ(at::isnan(y).sum().item<int>(), 30);  // all of the channel: its mean is none either
  const at::NoGradGuard no_gradients;
  EXPECT_EQ(at::isnan(reluBatchNorm(x, stateOf(16), false)).sum().item<int>(), 1);
}

TEST(ReluBatchNorm, IsTheSameForAnyNumberOfThreads) {
  const int threads = at::get_num_threads();
  std::vector<at::Tensor> outputs, gradients;
  for (const int count : {1, 2, 3}) {
    at::set_num_threads(count);
    const at::Tensor x = image({16, {30, 31, 33}, at::kFloat}, 0).requires_grad_();
    outputs.push_back(reluBatchNorm(x * 1, stateOf(16), true));
    outputs.back().backward(image({16, {30, 31, 33}, at::kFloat}, 0.5));
    gradients.push_back(x.grad());
  }
  at::set_num_threads(threads);
  for (std::size_t i = 1; i < outputs.size(); ++i) {
    EXPECT_TRUE(at::equal(outputs[i], outputs[0]));
    EXPECT_TRUE(at::equal(gradients[i], gradients[0]));
  }
}

}  // namespace rind::networks::testing
