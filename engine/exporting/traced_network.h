#pragma once

#include <torch/csrc/jit/api/module.h>

#include "rind/exporting/model_description.h"
#include "rind/networks/network.h"

namespace rind::exporting {

/// A fixed pattern as an image: an export draws no random numbers.
at::Tensor exampleImage(const networks::NetworkSettings& settings, std::int64_t batch,
                        const core::Extent3& size);

/// Sizes to trace at and to compare at: small, and different where the network allows another than its patch.
struct ExampleSizes {
  core::Extent3 traced;
  core::Extent3 compared;
};
ExampleSizes exampleSizes(const networks::NetworkSettings& settings);

/// The network, which is in evaluation mode, as a script module that shares its tensors: the operators of one
/// forward pass at `exampleSizes(…).traced`, good for every size the network allows.
torch::jit::Module traceNetwork(networks::Network& network, const networks::NetworkSettings& settings);

/// Evaluation mode and no gradients while it lives, then the mode that was before.
class InEvaluation {
 public:
  explicit InEvaluation(torch::nn::Module& module) : module_(module), was_training_(module.is_training()) {
    module_.eval();
  }
  ~InEvaluation() { module_.train(was_training_); }
  InEvaluation(const InEvaluation&) = delete;
  InEvaluation& operator=(const InEvaluation&) = delete;

 private:
  torch::nn::Module& module_;
  bool was_training_;
  at::NoGradGuard no_gradients_;
};

}  // namespace rind::exporting
