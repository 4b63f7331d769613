#pragma once

#include <functional>
#include <memory>
#include <string>

#include "rind/networks/network.h"
#include "rind/training/device.h"
#include "rind/training/optimiser.h"
#include "rind/training/target.h"

namespace rind::training {

/// One batch: image f32 [B, C, D, H, W] and what its logits are compared with.
struct StepInput {
  at::Tensor image;
  losses::Target target;
};

struct StepResult {
  /// Mean over the inputs, at full resolution (with deep supervision the coarser levels are trained beside
  /// it).
  losses::LossReport loss;
  double gradient_norm = 0;
  /// False where loss or gradient was not finite: all is as it was before the step.
  bool applied = true;
};

/// A network, its optimiser, and the step that improves it.
class Trainer {
 public:
  /// `config` for the seed, the optimiser and the running average; the rest comes with each step.
  Trainer(const networks::NetworkSettings& network, const core::RunConfig& config, const Compute& compute);

  /// One update from the mean of the inputs' gradients; `steps_before` it the average of weights has seen (it
  /// forgets the first weights, which are random, sooner than its decay says). Throws core::Interrupted where
  /// `cancelled` says true (asked at every layer); like any other exception, it leaves all as it was before
  /// the step.
  StepResult step(const std::vector<StepInput>& inputs, const core::RunConfig& config, double learning_rate,
                  std::int64_t steps_before = 0);

  /// Logits in evaluation mode (of the averaged weights, where there are such). Not to be called while step
  /// runs.
  at::Tensor predict(const at::Tensor& image);

  std::function<bool()> cancelled;

  const std::shared_ptr<networks::Network>& network() const { return network_; }
  const std::shared_ptr<Optimiser>& optimiser() const { return optimiser_; }
  /// None where the weights are not averaged.
  const std::shared_ptr<networks::Network>& average() const { return average_; }
  /// What is validated, kept as best and predicted with.
  const std::shared_ptr<networks::Network>& evaluated() const { return average_ ? average_ : network_; }

 private:
  void addGradient(const StepInput& input, double share, const core::RunConfig& config, StepResult& result);
  void update(const core::RunConfig& config, double learning_rate, StepResult& result);
  void updateAverage(double decay);

  std::shared_ptr<networks::Network> network_;
  std::shared_ptr<networks::Network> average_;
  std::shared_ptr<Optimiser> optimiser_;
  std::vector<at::Tensor> parameters_, statistics_, statistics_before_;
  Compute compute_;
};

}  // namespace rind::training
