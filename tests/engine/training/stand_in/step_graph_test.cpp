// How steps are recorded as a graph, tried, trusted and launched, with a stand-in for the graph: one that
// computes again what it was given, on the processor.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "../toy_run.h"
#include "rind/core/error.h"
#include "rind/core/settings.h"
#include "rind/training/checkpoint.h"
#include "rind/training/trainer.h"

namespace rind::training {

/// What the stand-in does, and did.
struct Graphs {
  bool refuses = false;
  double disturbs = 0;  // added to each gradient
  std::vector<at::Tensor> parameters;
  int recorded = 0, launched = 0;
};
static Graphs graphs;

struct StepGraph::Recording {
  std::function<void()> work;
};

bool StepGraph::canRecord(const c10::Device&) {
  return true;
}

StepGraph::StepGraph(const c10::Device&, const std::function<void()>& work)
    : recording_(std::make_unique<Recording>(Recording{work})) {
  if (graphs.refuses) throw std::runtime_error("no graph today");
  ++graphs.recorded;
}

StepGraph::~StepGraph() = default;

void StepGraph::launch() {
  ++graphs.launched;
  recording_->work();
  if (graphs.disturbs == 0) return;
  const at::NoGradGuard no_gradients;
  for (auto& parameter : graphs.parameters) parameter.mutable_grad().add_(graphs.disturbs);
}

namespace {

const networks::NetworkSettings kNetwork = {"unet", 1, 3, 2, {16, 16, 16}};

class StepGraphs : public ::testing::Test {
 protected:
  void SetUp() override {
    graphs = {};
    const TrainingData data = toyData();
    TargetMaker targets(*data.training, 3);
    sampling::PatchLoader loader(data.training, {{16, 16, 16}, {0, 0}, 1, 1, 1, {{0, 0}, {1, 1}, {2, 2}}});
    while (const auto batch = loader.next()) inputs_.push_back({batch->image, targets.make(*batch, config_)});
  }

  std::vector<StepInput> input(std::size_t step) const { return {inputs_[step % inputs_.size()]}; }

  /// Steps of both, the later's read one late; their losses are the same.
  void trainBoth(std::size_t from, std::size_t to) {
    std::vector<double> expected, found;
    for (std::size_t step = from; step < to; ++step) {
      expected.push_back(now_->step(input(step), config_, 1e-2, static_cast<std::int64_t>(step)).loss.total);
      later_->begin(input(step), config_, 1e-2, static_cast<std::int64_t>(step));
      if (step > from) found.push_back(later_->finish().loss.total);
    }
    found.push_back(later_->finish().loss.total);
    EXPECT_EQ(found, expected);
  }

  static void expectSameWeights(Trainer& a, Trainer& b) {
    const auto one = a.network()->parameters(), other = b.network()->parameters();
    for (std::size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(at::equal(one[i], other[i])) << i;
    const auto mean = a.network()->buffers(), same = b.network()->buffers();
    for (std::size_t i = 0; i < mean.size(); ++i) EXPECT_TRUE(at::equal(mean[i], same[i])) << i;
  }

  static Compute late() { return {.late = true}; }

  core::RunConfig config_ = toyConfig();
  std::vector<StepInput> inputs_;
  std::unique_ptr<Trainer> now_ = std::make_unique<Trainer>(kNetwork, config_, Compute{});
  std::unique_ptr<Trainer> later_ = std::make_unique<Trainer>(kNetwork, config_, late());
};

}  // namespace

TEST_F(StepGraphs, AreTriedOnceAndThenLaunchedWithTheSameNumbersAndWeights) {
  trainBoth(0, 8);
  EXPECT_EQ(graphs.recorded, 1);
  EXPECT_TRUE(later_->launchesGraphs());
  EXPECT_EQ(graphs.launched, 4) << "a trial with the fourth step, then the sixth to eighth";
  core::applySettings(config_, {{"loss", "cedl"}, {"lambda", 0.3}});  // no new recording
  trainBoth(8, 12);
  EXPECT_EQ(graphs.recorded, 1);
  EXPECT_EQ(graphs.launched, 8);
  expectSameWeights(*later_, *now_);
}

TEST_F(StepGraphs, OfOtherShapesAreRecordedAnewAndABatchBetweenIsDoneWithout) {
  trainBoth(0, 6);
  const int launched = graphs.launched;
  StepInput two = inputs_[0];
  two.image = at::cat({two.image, two.image});
  two.target = {
      at::cat({two.target.labels, two.target.labels}), at::cat({two.target.band, two.target.band}), {}};
  for (auto* trainer : {now_.get(), later_.get()}) trainer->step({two}, config_, 1e-2, 6);
  for (auto* trainer : {now_.get(), later_.get()}) trainer->step({inputs_[0], inputs_[1]}, config_, 1e-2, 7);
  EXPECT_EQ(graphs.launched, launched);
  trainBoth(8, 10);
  EXPECT_EQ(graphs.launched, launched + 2);
  core::applySettings(config_, {{"loss", "dwce"}});
  const TrainingData data = toyData();
  TargetMaker targets(*data.training, 3);
  sampling::PatchLoader loader(data.training, {{16, 16, 16}, {0, 0}, 1, 1, 1, {{0, 0}}});
  const auto batch = *loader.next();
  inputs_ = {{batch.image, targets.make(batch, config_)}};
  trainBoth(10, 16);
  EXPECT_EQ(graphs.recorded, 2);
  expectSameWeights(*later_, *now_);
}

TEST_F(StepGraphs, ThatComputeSomethingElseAreNotTrusted) {
  graphs.disturbs = 1;
  graphs.parameters = later_->network()->parameters();
  trainBoth(0, 8);
  EXPECT_TRUE(
      later_->takeWarning().starts_with("steps are not launched as a CUDA graph: with it the loss is "));
  EXPECT_EQ(graphs.recorded, 1);
  EXPECT_EQ(graphs.launched, 1);
  EXPECT_FALSE(later_->launchesGraphs());
  expectSameWeights(*later_, *now_);
}

TEST_F(StepGraphs, ThatAreRefusedAreDoneWithout) {
  graphs.refuses = true;
  trainBoth(0, 6);
  EXPECT_NE(later_->takeWarning().find("no graph today"), std::string::npos);
  EXPECT_EQ(later_->takeWarning(), "");
  EXPECT_FALSE(later_->launchesGraphs());
  expectSameWeights(*later_, *now_);
}

TEST_F(StepGraphs, LeaveOutAStepThatIsNotFiniteAndStopBetweenSteps) {
  trainBoth(0, 6);
  ASSERT_TRUE(later_->launchesGraphs());
  StepInput bad = inputs_[0];
  bad.image = bad.image.clone();
  bad.image[0][0][3][4][5] = std::numeric_limits<float>::quiet_NaN();
  for (auto* trainer : {now_.get(), later_.get()})
    EXPECT_FALSE(trainer->step({bad}, config_, 1e-2, 6).applied);
  later_->cancelled = [] { return true; };
  EXPECT_THROW(later_->begin(input(6), config_, 1e-2, 6), core::Interrupted);
  later_->cancelled = {};
  trainBoth(6, 8);
  expectSameWeights(*later_, *now_);
}

TEST_F(StepGraphs, WhoseTrialIsInterruptedAreTriedAgain) {
  trainBoth(0, 3);
  for (const int at : {5, 60}) {  // the stand-in's convolutions ask too
    int left = at;
    later_->cancelled = [&left] { return --left == 0; };
    EXPECT_THROW(later_->begin(input(3), config_, 1e-2, 3), core::Interrupted) << at;
  }
  later_->cancelled = {};
  trainBoth(3, 6);
  EXPECT_EQ(graphs.recorded, 3);
  EXPECT_EQ(later_->takeWarning(), "");
  EXPECT_TRUE(later_->launchesGraphs());
  expectSameWeights(*later_, *now_);
}

}  // namespace rind::training
