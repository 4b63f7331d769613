#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "rind/training/late_steps.h"
#include "rind/training/learner.h"

namespace rind::training {

/// A network, its optimiser, and the step that improves it.
class Trainer {
 public:
  /// `config` for the seed, the optimiser and the running average; the rest comes with each step.
  Trainer(const networks::NetworkSettings& network, const core::RunConfig& config, const Compute& compute);
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// One update from the mean of the inputs' gradients; `steps_before` it the average of weights has seen (it
  /// forgets the first weights, which are random, sooner than its decay says). Throws core::Interrupted where
  /// `cancelled` says true (asked at every layer); like any other exception, it leaves all as it was before
  /// the step.
  StepResult step(const std::vector<StepInput>& inputs, const core::RunConfig& config, double learning_rate,
                  std::int64_t steps_before = 0);

  /// The same in two halves. Where `computesLate`, begin returns before the step is done, and the next may be
  /// begun before this one is finished: the weights are read (by predict, a checkpoint, a copy) only after
  /// all that was begun is finished.
  void begin(const std::vector<StepInput>& inputs, const core::RunConfig& config, double learning_rate,
             std::int64_t steps_before = 0);
  /// Of the oldest step that was begun and not finished.
  StepResult finish();
  bool computesLate() const { return late_ != nullptr; }
  /// Whether steps are launched as a recorded CUDA graph by now.
  bool launchesGraphs() const { return late_ && late_->launchesGraphs(); }
  /// What the user should know of the steps since the last call, or nothing.
  std::string takeWarning() { return late_ ? late_->takeWarning() : std::string(); }

  /// Logits in evaluation mode (of the averaged weights, where there are such). Not to be called while step
  /// runs.
  at::Tensor predict(const at::Tensor& image);

  std::function<bool()> cancelled;

  const std::shared_ptr<networks::Network>& network() const { return learner_.network; }
  const std::shared_ptr<Optimiser>& optimiser() const { return learner_.optimiser; }
  /// None where the weights are not averaged.
  const std::shared_ptr<networks::Network>& average() const { return learner_.average; }
  /// What is validated, kept as best and predicted with.
  const std::shared_ptr<networks::Network>& evaluated() const { return average() ? average() : network(); }

 private:
  StepResult stepNow(const std::vector<StepInput>& inputs, const core::RunConfig& config,
                     double learning_rate, std::int64_t steps_before);
  void addGradient(const StepInput& input, double share, const core::RunConfig& config, StepResult& result);
  void update(const core::RunConfig& config, double learning_rate, StepResult& result);
  void updateAverage(double decay);

  Learner learner_;
  std::unique_ptr<LateSteps> late_;
  std::deque<StepResult> done_;  // begun and not finished, where all is computed at once
};

}  // namespace rind::training
