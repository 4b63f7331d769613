#include "rind/training/session.h"

#include <ATen/Parallel.h>

#include <cmath>

#include "rind/core/version.h"
#include "rind/training/fingerprint.h"
#include "rind/training/memory_estimate.h"
#include "rind/training/memory_need.h"
#include "rind/training/session_run.h"

namespace rind::training {

using nlohmann::json;

Session::Run::Run(SessionSetup setup) : setup_(std::move(setup)), config_(setup_.config) {
  control.setConfig(config_);
  thread_ = std::thread([this] { work(); });
}

Session::Run::~Run() {
  control.stop();
  if (thread_.joinable()) thread_.join();
}

void Session::Run::work() {
  try {
    try {
      train();
      end("finished", "");
    } catch (const core::Interrupted&) {
      saveAndStop();
    }
  } catch (...) {
    fail(std::current_exception());
  }
}

void Session::Run::train() {
  openFolderAndData();
  at::set_num_threads(config_.threads > 0 ? config_.threads
                                          : static_cast<int>(std::thread::hardware_concurrency()));
  makeTrainer();
  if (setup_.resume) restore();
  control.setConfig(config_);
  if (!setup_.resume) describeRun();
  described_ = true;
  if (config_.tensorboard)
    tensorboard_ = std::make_unique<TensorBoardFile>(folder_->path() / "tensorboard", standing_.step + 1);
  emit(messages::Started{now(), config_, stepsPerEpoch(), plannedEpochs(), standing_.step, memory_needed_,
                         memory_left_});
  for (const auto& what : left_out_) warn("left out: " + what);
  if (memory_needed_ > memory_left_) warn(memoryWarning(config_, plan_.patch, memory_needed_, memory_left_));
  if (setup_.resume && !setup_.changes.empty()) emit(messages::Parameters{now(), setup_.changes});
  say("running", describe(compute_));
  do {
    for (obeyRequests(); !finished(); obeyRequests()) {
      trainEpoch();
      finishEpoch();
    }
    waitForWriter(0);
  } while (!control.closeToChanges());  // a change that came last may ask for more epochs
}

void Session::Run::openFolderAndData() {
  folder_ = std::make_unique<RunFolder>(setup_.folder, setup_.resume);
  if (setup_.resume) readRun();
  say("loading", config_.data);
  OpeningWatch watch;
  watch.cancelled = [this] { return control.stopRequested(); };
  watch.progress = [this](const std::string& what, std::size_t done, std::size_t all) {
    emit(messages::Progress{now(), what, static_cast<std::int64_t>(done), static_cast<std::int64_t>(all)});
  };
  watch.left_out = [this](const std::string& what) { left_out_.push_back(what); };
  data_ = setup_.open(config_, watch);
  if (!setup_.resume && data_.description.contains("split")) folder_->writeSplit(data_.description["split"]);
  data_.description["fingerprint"] = {
      {"training", fingerprint(*data_.training)},
      {"validation", data_.validation ? fingerprint(*data_.validation) : std::string()}};
}

void Session::Run::makeTrainer() {
  plan_ = planRun(config_, data_);
  compute_ = chooseCompute(config_.device, config_.precision);
  compute_.late |= setup_.late;
  useOwnStream(compute_);
  memory_left_ = availableMemory(compute_);
  memory_needed_ = estimateMemory(plan_, config_, compute_).most();
  trainer_ = std::make_unique<Trainer>(plan_.model.network, config_, compute_);
  trainer_->cancelled = [this] { return control.stopRequested(); };
  targets_ = std::make_unique<TargetMaker>(*data_.training, static_cast<int>(data_.labels.size()));
  standing_.class_losses.resize(data_.labels.size());
  plan_.model.provenance = {{"config", config_},
                            {"data", data_.description},
                            {"rind", core::kVersion},
                            {"libtorch", core::kLibTorchVersion}};
}

/// The state at step 0 first: a run that has a run.json has a checkpoint, however early it is cut off.
void Session::Run::describeRun() {
  writeCheckpoint(folder_->path(), copyState(*trainer_, standing_), /*epoch_begins=*/true);
  folder_->writeDescription({{"format", 1},
                             {"config", config_},
                             {"model", plan_.model},
                             {"data", data_.description},
                             {"versions", {{"rind", core::kVersion}, {"libtorch", core::kLibTorchVersion}}}});
}

/// An epoch that has begun is validated first.
bool Session::Run::finished() const {
  if (standing_.steps_done > 0) return false;
  const bool no_better = config_.patience > 0 && standing_.best_epoch > 0 &&
                         standing_.epoch - 1 - standing_.best_epoch >= config_.patience;
  return no_better || (config_.steps > 0 ? reachedSteps() : standing_.epoch > config_.epochs);
}

std::string Session::Run::save() {
  const auto unlessFull = [](const auto& record) {
    try {
      record();
    } catch (const core::Interrupted&) {  // it waited for room, which the files below need too
    }
  };
  while (!control.closeToChanges())
    if (const auto changes = control.takeChange()) unlessFull([&] { applyChanges(*changes); });
  checkpoint();
  const bool saved = writer_.finish([this] { return writer_.trouble().empty(); });
  writer_.throwFailure();
  const std::string trouble = writer_.trouble();
  unlessFull([this] { tellWritten(); });
  return saved ? "" : trouble.empty() ? "the disk was full" : trouble;
}

/// All is saved, unless the disk is full: then what was saved last is told.
void Session::Run::saveAndStop() {
  outcome_.resumable = described_ || setup_.resume;
  if (!outcome_.resumable) return end("stopped", "before the first step, so there is nothing to resume");
  if (!described_) return end("stopped", "before it went on; it can be resumed");
  const std::string trouble = save();
  end("stopped", trouble.empty() ? "saved; it can be resumed"
                                 : "the last steps are lost (" + trouble +
                                       "); it can be resumed from the checkpoint before");
}

void Session::Run::fail(const std::exception_ptr& error) {
  outcome_.error = error;
  std::string text = messageOf(error);
  if (isOutOfMemory(error))
    text = plan_.patches_per_case.empty() ? memoryAdviceForData() : memoryAdvice(config_, plan_.patch);
  std::string trouble;
  try {
    if (described_) trouble = save();
  } catch (...) {
    trouble = messageOf(std::current_exception());
  }
  if (!trouble.empty() && trouble != text)
    text += " (and the last steps could not be saved: " + trouble + ")";
  end("failed", text);
}

void Session::Run::end(const std::string& reason, const std::string& text) {
  control.dropPosted();
  outcome_.reason = reason;
  outcome_.text = text;
  outcome_.steps = standing_.step;
  outcome_.best_epoch = static_cast<int>(standing_.best_epoch);
  outcome_.mean_dsc = standing_.best_epoch ? standing_.best_dsc : std::nan("");
  outcome_.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  try {
    emit(messages::Ended{now(), reason, text, outcome_.mean_dsc, outcome_.best_epoch});
    say(reason, text);
  } catch (const std::exception& error) {
    outcome_.text += std::string(" (and the end could not be recorded: ") + error.what() + ")";
  }
  tensorboard_.reset();
  writer_.close();  // before the lock goes
  folder_.reset();
  promise_.set_value(outcome_);
}

std::future<Snapshot> Session::Run::snapshot() {
  auto promise = std::make_shared<std::promise<Snapshot>>();
  auto future = promise->get_future();
  control.post([this, promise] {
    finishSteps();
    try {
      promise->set_value({plan_.model, networks::copyOf(*trainer_->evaluated(), plan_.model.network),
                          standing_.step, static_cast<int>(standing_.epoch)});
    } catch (...) {
      promise->set_exception(std::current_exception());
    }
  });
  return future;
}

Session::Session(SessionSetup setup) : run_(std::make_unique<Run>(std::move(setup))) {}
Session::~Session() = default;
void Session::pause() {
  run_->control.pause();
}
void Session::resume() {
  run_->control.resume();
}
void Session::stop() {
  run_->control.stop();
}
void Session::change(const json& changes) {
  run_->control.change(changes);
}
std::future<Snapshot> Session::snapshot() {
  return run_->snapshot();
}
bool Session::ended() const {
  return run_->ended();
}
SessionResult Session::wait() {
  return run_->wait();
}

}  // namespace rind::training
