#include "rind/training/session.h"

#include <ATen/Parallel.h>

#include <cmath>

#include "rind/core/atomic_file.h"
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
    const std::string text = isOutOfMemory(std::current_exception()) ? memoryAdvice(config_, plan_.patch)
                                                                     : messageOf(std::current_exception());
    end("failed", text);
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
  emit(messages::Started{now(), config_, stepsPerEpoch(), config_.epochs, standing_.step, memory_needed_,
                         memory_left_});
  if (memory_needed_ > memory_left_) warn(memoryWarning(config_, plan_.patch, memory_needed_, memory_left_));
  if (setup_.resume && !setup_.changes.empty()) emit(messages::Parameters{now(), setup_.changes});
  say("running", describe(compute_));
  while (!finished()) {
    trainEpoch();
    finishEpoch();
  }
  waitForWriter(0);
}

void Session::Run::openFolderAndData() {
  folder_ = std::make_unique<RunFolder>(setup_.folder, setup_.resume);
  const auto split_file = folder_->path() / "split.json";
  if (setup_.resume) {
    config_ = RunFolder::readDescription(folder_->path()).at("config").get<core::RunConfig>();
    if (std::filesystem::exists(split_file)) config_.split = split_file.string();
  }
  say("loading", config_.data);
  OpeningWatch watch;
  watch.cancelled = [this] { return control.stopRequested(); };
  watch.progress = [this](const std::string& what, std::size_t done, std::size_t all) {
    emit(messages::Progress{now(), what, static_cast<std::int64_t>(done), static_cast<std::int64_t>(all)});
  };
  data_ = setup_.open(config_, watch);
  if (!setup_.resume && data_.description.contains("split"))
    core::writeFileWhole(split_file, data_.description["split"].dump(1) + "\n");
  data_.description["fingerprint"] = {
      {"training", fingerprint(*data_.training)},
      {"validation", data_.validation ? fingerprint(*data_.validation) : std::string()}};
}

void Session::Run::makeTrainer() {
  plan_ = planRun(config_, data_);
  compute_ = chooseCompute(config_.device, config_.precision);
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

void Session::Run::restore() {
  const Restored restored = loadCheckpoint(folder_->path(), *trainer_, data_.labels.size());
  standing_ = restored.standing;
  const auto history = folder_->eventsUntil(standing_.step, standing_.epoch);
  if (history.best) outcome_.classes = history.best->classes;
  for (const auto& changes : history.changes) core::applySettings(config_, changes);
  core::RunConfig wanted = config_;
  core::applySettings(wanted, setup_.changes);
  setup_.changes = core::differences(config_, wanted);
  requireLive(setup_.changes);
  config_ = wanted;
  plan_ = planRun(config_, data_);
  folder_->keepEvents(history);
  while (replayed_ < setup_.replay.size() && setup_.replay[replayed_].step < standing_.step) ++replayed_;
  described_ = true;
  if (!restored.warning.empty()) warn("an older checkpoint is used: " + restored.warning);
  const json before =
      RunFolder::readDescription(folder_->path()).value("data", json::object()).value("fingerprint", json());
  if (!before.is_null() && before != data_.description["fingerprint"])
    warn("the data are not as they were when this run began (their fingerprint differs)");
}

bool Session::Run::finished() const {
  const bool no_better = config_.patience > 0 && standing_.best_epoch > 0 &&
                         standing_.epoch - 1 - standing_.best_epoch >= config_.patience;
  return standing_.epoch > config_.epochs || reachedSteps() || no_better;
}

/// All is saved, unless the disk is full: then what was saved last is told.
void Session::Run::saveAndStop() {
  if (!described_) return end("stopped", "stopped before the first step");
  checkpoint();
  const bool saved = writer_.finish([this] { return writer_.trouble().empty(); });
  const std::string trouble = writer_.trouble();
  tellWritten();
  end("stopped",
      saved ? "saved; it can be resumed"
            : "the last steps are lost (" + trouble + "); it can be resumed from the checkpoint before");
}

void Session::Run::end(const std::string& reason, const std::string& text) {
  control.dropPosted();
  outcome_.reason = reason;
  outcome_.text = text;
  if (reason == "failed") outcome_.error = std::current_exception();
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
  folder_.reset();
  promise_.set_value(outcome_);
}

std::future<Snapshot> Session::Run::snapshot() {
  auto promise = std::make_shared<std::promise<Snapshot>>();
  auto future = promise->get_future();
  control.post([this, promise] {
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
