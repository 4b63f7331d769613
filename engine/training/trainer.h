#pragma once

#include <memory>

#include "rind/networks/network.h"
#include "rind/training/adam.h"
#include "rind/training/device.h"
#include "rind/training/target.h"

namespace rind::training {

struct StepResult {
  losses::LossReport loss;
  double gradient_norm = 0;
  /// False where loss or gradient was not finite: the weights are as they were.
  bool applied = true;
};

/// A network, its optimiser, and the step that improves it. All that training changes is in `network` and
/// `adam`.
class Trainer {
 public:
  Trainer(const networks::NetworkSettings& network, std::uint64_t seed, double weight_decay,
          const Compute& compute);

  StepResult step(const at::Tensor& image, const losses::Target& target, const core::RunConfig& config,
                  double learning_rate);

  /// Logits in evaluation mode, for inference. Not to be called while step runs.
  at::Tensor predict(const at::Tensor& image);

  const std::shared_ptr<networks::Network>& network() const { return network_; }
  const std::shared_ptr<Adam>& adam() const { return adam_; }

 private:
  std::shared_ptr<networks::Network> network_;
  std::shared_ptr<Adam> adam_;
  Compute compute_;
};

}  // namespace rind::training
