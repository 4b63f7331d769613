#pragma once

#include <c10/core/Event.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rind/core/run_config.h"
#include "rind/losses/late_loss.h"
#include "rind/training/cuda/step_graph.h"
#include "rind/training/learner.h"

namespace rind::training {

/// Steps that the host does not wait for: everything that a step decides (whether loss and gradient are
/// finite, how much the gradient is clipped) is decided on the device, and a step's numbers are read while
/// the next computes. Steps of one batch of the same shape are recorded as a CUDA graph after a few, where
/// there can be one. On the CPU it computes the same at once, so that tests need no GPU.
class LateSteps {
 public:
  /// `learner` outlives it; its network tells so many classes apart.
  LateSteps(Learner& learner, int classes) : learner_(learner), classes_(classes) {}
  /// Waits for the device.
  ~LateSteps();
  LateSteps(const LateSteps&) = delete;
  LateSteps& operator=(const LateSteps&) = delete;

  /// As Trainer::begin and finish. Any exception of begin leaves all as it was before that step.
  void begin(std::vector<StepInput> inputs, const core::RunConfig& config, double learning_rate,
             std::int64_t steps_before, const std::function<bool()>& cancelled);
  StepResult finish();
  bool launchesGraphs() const { return recorded_ && recorded_->trusted; }
  /// What the user should know of what happened since the last call, or nothing.
  std::string takeWarning();

 private:
  using Losses = std::deque<losses::LateLoss>;  // by scale

  /// What forward and backward passes leave on the device: f32 [] each.
  struct Pass {
    at::Tensor norm;
    at::Tensor fault;  // 1 where the step is not to be applied
  };
  struct Begun {
    std::size_t inputs = 0;
    std::shared_ptr<Losses> losses;
    at::Tensor numbers;  // norm and fault, page-locked
    std::optional<c10::Event> done;
    bool after_trial = false;
  };
  /// A graph with what it reads and writes.
  struct Recorded {
    StepInput input;
    std::shared_ptr<Losses> losses = std::make_shared<Losses>();
    Pass pass;
    std::vector<at::Tensor> gradients;  // by parameter
    std::unique_ptr<StepGraph> graph;
    /// What its first launch gave, and how far its gradients were from those of the same step without it.
    StepResult trial;
    std::vector<at::Tensor> trial_gradients;
    at::Tensor apart;  // f32 [], L2
    bool trusted = false;
  };

  losses::LateLoss& lossAt(Losses& losses, std::size_t scale);
  /// `expected`: the settings for the losses; none while recording, when nothing is computed.
  Pass compute(const std::vector<StepInput>& inputs, Losses& losses, const core::RunConfig* expected);
  void apply(const Pass& pass, const core::RunConfig& config, double learning_rate,
             std::int64_t steps_before);
  void hand(const Pass& pass, std::size_t inputs, std::shared_ptr<Losses> losses);
  void abandon();
  void waitForDevice();

  // In late_steps_graph.cpp.
  bool isRecorded(const std::vector<StepInput>& inputs) const;
  bool worthRecording(const std::vector<StepInput>& inputs);
  void record(const StepInput& input, const core::RunConfig& config);
  Pass launch(const StepInput& input, const core::RunConfig& config);
  void compareWithTrial();
  void judge(const StepResult& result);
  void withoutGraphs(const std::string& why);

  Learner& learner_;
  int classes_;
  std::shared_ptr<Losses> losses_ = std::make_shared<Losses>();
  std::deque<Begun> begun_;
  std::unique_ptr<Recorded> recorded_;
  std::vector<std::int64_t> last_shape_;
  int alike_ = 0;        // steps in a row of that shape
  bool records_ = true;  // until recording has failed
  std::string warning_;
};

}  // namespace rind::training
