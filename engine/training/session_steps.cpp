#include <cmath>

#include "rind/training/learning_rate.h"
#include "rind/training/memory_need.h"
#include "rind/training/session_run.h"

namespace rind::training {
namespace {

/// Steps in a row without a finite loss after which training goes back, and how often it does before it gives
/// up.
constexpr std::int64_t kBadStepsInARow = 3;
constexpr std::int64_t kMostReturns = 4;
constexpr double kStalledSeconds = 10;

std::string placeOf(const core::CaseSource& cases, const sampling::Batch& batch) {
  std::string text;
  for (std::size_t i = 0; i < batch.cases.size(); ++i) {
    const auto& at = batch.corners[i];
    text += (text.empty() ? "" : ", ") + cases.id(batch.cases[i]) + " (patch at z " + std::to_string(at.z) +
            ", y " + std::to_string(at.y) + ", x " + std::to_string(at.x) + ")";
  }
  return text;
}

}  // namespace

std::int64_t Session::Run::totalSteps() const {
  return config_.steps > 0 ? config_.steps : config_.epochs * stepsPerEpoch();
}

int Session::Run::plannedEpochs() const {
  const std::int64_t each = std::max<std::int64_t>(1, stepsPerEpoch());
  return config_.steps > 0 ? static_cast<int>((config_.steps + each - 1) / each) : config_.epochs;
}

void Session::Run::trainEpoch() {
  epoch_start_ = Clock::now();
  waited_ = worked_ = 0;
  if (standing_.steps_done == 0) {
    standing_.class_losses.assign(data_.labels.size(), {});
    standing_.loss_sum = 0;
    standing_.counted = 0;
    standing_.augmentation = {config_.rotate, config_.flip, config_.foreground, config_.scale,
                              config_.intensity};
  }
  while (true) try {
      if (trainBatches()) return;
    } catch (...) {
      if (!isOutOfMemory(std::current_exception())) throw;
      finishSteps();
      useLessMemory();
    }
}

bool Session::Run::trainBatches() {
  const auto epoch = static_cast<std::uint32_t>(standing_.epoch);
  sampling::PatchLoader::Plan plan;
  plan.patch = plan_.patch;
  plan.augmentation = standing_.augmentation;
  plan.batch = config_.batch;
  plan.seed = config_.seed;
  plan.epoch = epoch;
  plan.samples = sampling::epochSamples(plan_.patches_per_case, config_.seed, epoch);
  plan.first = static_cast<std::size_t>(standing_.steps_done * config_.accumulate);
  plan.skip_broken = config_.skip_broken;
  plan.pinned = compute_.device.is_cuda();
  replanned_ = false;
  sampling::PatchLoader loader(data_.training, std::move(plan));
  for (bool first = true; !reachedSteps(); first = false) {
    // Before the first, who called has looked: between an epoch's settings and its first step none may
    // change.
    if (!first) obeyRequests();
    if (replanned_) return false;
    const auto start = Clock::now();
    auto batches = nextBatches(loader);
    const std::chrono::duration<double> waited = Clock::now() - start;
    if (batches.empty()) break;
    beginStep(std::move(batches));
    finishSteps(trainer_->computesLate() ? 1 : 0);
    if (!first) waited_ += waited.count();  // the first is cut while nothing is trained
    worked_ += std::chrono::duration<double>(Clock::now() - start).count();
    const std::chrono::duration<double> unsaved = Clock::now() - last_checkpoint_;
    if (unsaved.count() > config_.checkpoint_seconds) checkpoint();
  }
  finishSteps();
  return true;
}

/// Those of one step; none at the epoch's end.
std::vector<sampling::Batch> Session::Run::nextBatches(sampling::PatchLoader& loader) {
  bool told = false;
  const auto waiting = [&](double seconds) {
    control.throwIfStopped();
    control.runPosted();
    if (told || seconds < kStalledSeconds) return;
    told = true;
    const std::string id = loader.reading();
    const std::string stalled = "no data for " + std::to_string(static_cast<int>(seconds)) + " s: ";
    warn(stalled + (id.empty() ? "patches wait to be cut; something else keeps the processor busy"
                               : "waiting for case " + id +
                                     " to be read; check its disk or network, or what "
                                     "else keeps the processor busy"));
  };
  std::vector<sampling::Batch> batches;
  while (batches.size() < static_cast<std::size_t>(config_.accumulate)) {
    auto batch = loader.next(waiting);
    if (!batch) break;
    for (const auto& broken : batch->broken) warn("left out: " + broken);
    batches.push_back(std::move(*batch));
  }
  return batches;
}

void Session::Run::obeyRequests() {
  control.throwIfStopped();
  control.runPosted();
  tellWritten();
  waitForWriter(4);
  if (control.pauseRequested()) {
    checkpoint();
    say("paused");
    control.waitWhilePaused();
    control.throwIfStopped();
    say("running", describe(compute_));
  }
  takeChanges();
}

void Session::Run::takeChanges() {
  for (; !again_.empty() && again_.front().step <= begunSteps(); again_.erase(again_.begin())) {
    setConfig(again_.front().changes);  // they are in the record
    if (setup_.sink) setup_.sink(messages::Parameters{now(), again_.front().changes}, {});
  }
  for (; replayed_ < setup_.replay.size() && setup_.replay[replayed_].step <= begunSteps(); ++replayed_)
    applyChanges(setup_.replay[replayed_].changes);
  while (const auto changes = control.takeChange()) {
    overrule(again_, *changes);
    applyChanges(*changes);
  }
}

void Session::Run::applyChanges(const nlohmann::json& changes) {
  setConfig(changes);
  emit(messages::Parameters{now(), changes});
}

void Session::Run::setConfig(const nlohmann::json& changes) {
  finishSteps();
  core::applySettings(config_, changes);
  control.setConfig(config_);
  for (const char* key : {"batch", "accumulate", "patch"}) replanned_ |= changes.contains(key);
  if (replanned_) plan_ = planRun(config_, data_);
}

void Session::Run::beginStep(std::vector<sampling::Batch> batches) {
  BegunStep begun;
  begun.start = Clock::now();
  const double progress =
      static_cast<double>(begunSteps()) / static_cast<double>(std::max<std::int64_t>(1, totalSteps()));
  begun.rate = learningRate(config_, progress) * standing_.rate_factor;
  std::vector<StepInput> inputs;
  for (const auto& batch : batches) {
    if (batch.cases.empty()) continue;
    inputs.push_back({batch.image, targets_->make(batch, config_)});
    begun.patches += batch.cases.size();
  }
  if (!inputs.empty()) trainer_->begin(inputs, config_, begun.rate, begunSteps());
  begun.batches = std::move(batches);
  begun_.push_back(std::move(begun));
}

void Session::Run::finishSteps(std::size_t most) {
  while (begun_.size() > most) finishStep();
}

void Session::Run::finishStep() {
  const BegunStep begun = std::move(begun_.front());
  begun_.pop_front();
  const StepResult result = begun.patches > 0 ? trainer_->finish() : StepResult{};
  ++standing_.step;
  ++standing_.steps_done;
  const std::chrono::duration<double> seconds = Clock::now() - std::max(begun.start, last_finish_);
  last_finish_ = Clock::now();
  if (const std::string text = trainer_->takeWarning(); !text.empty()) warn(text);
  if (begun.patches == 0) return;  // all of its cases are broken, and were named
  if (!result.applied) return leaveOut(begun.batches);
  standing_.bad_steps = 0;
  ++standing_.counted;
  standing_.loss_sum += result.loss.total;
  for (std::size_t c = 0; c < standing_.class_losses.size() && c < result.loss.classes.size(); ++c) {
    standing_.class_losses[c].contour += result.loss.classes[c].contour;
    standing_.class_losses[c].interior += result.loss.classes[c].interior;
  }
  emit(messages::Step{now(), seconds.count(), begun.rate, result.loss.total, result.loss.terms,
                      result.gradient_norm, static_cast<int>(begun.patches)});
}

void Session::Run::leaveOut(const std::vector<sampling::Batch>& batches) {
  std::string places;
  for (const auto& batch : batches)
    if (!batch.cases.empty()) places += (places.empty() ? "" : ", ") + placeOf(*data_.training, batch);
  warn("the loss or its gradient was not finite with " + places + "; that step was left out");
  if (++standing_.bad_steps < kBadStepsInARow) return;
  standing_.bad_steps = 0;
  if (++standing_.returns > kMostReturns)
    throw core::InputError("training",
                           "the loss was not finite in " + std::to_string(kBadStepsInARow) +
                               " steps in a row, " + std::to_string(standing_.returns) +
                               " times, whatever the learning rate",
                           "look for wrong values in " + places +
                               ", or resume with a smaller --lr, --clip 1 or --precision fp32");
  returnToGoodState();
}

void Session::Run::returnToGoodState() {
  finishSteps();
  waitForWriter(0);  // the state to go back to may still be on its way to the disk
  returnToEpochBegin(folder_->path(), *trainer_, data_.labels.size());
  standing_.rate_factor /= 2;
  warn("back to the weights of the epoch's beginning after " + std::to_string(kBadStepsInARow) +
       " such steps in a row; the learning rate is halved from here on");
  checkpoint();
}

void Session::Run::useLessMemory() {
  const nlohmann::json changes =
      config_.out_of_memory == "continue" ? smallerStep(config_, plan_.patch) : nlohmann::json();
  if (changes.empty()) throw std::runtime_error(memoryAdvice(config_, plan_.patch));
  warn(memoryAdvice(config_, plan_.patch) + " (going on with " + changes.dump() + ")");
  applyChanges(changes);
}

}  // namespace rind::training
