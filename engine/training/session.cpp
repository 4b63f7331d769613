#include "rind/training/session.h"

#include <ATen/Parallel.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <future>
#include <thread>

#include "rind/core/atomic_file.h"
#include "rind/core/nrrd.h"
#include "rind/core/version.h"
#include "rind/networks/weights.h"
#include "rind/training/checkpoint.h"
#include "rind/training/learning_rate.h"
#include "rind/training/run_folder.h"
#include "rind/training/run_plan.h"
#include "rind/training/scores_file.h"
#include "rind/training/session_control.h"
#include "rind/training/validation.h"

namespace rind::training {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr auto kBetweenCheckpoints = std::chrono::seconds(60);
constexpr int kMostBadSteps = 5;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double wallTime() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string epochFile(std::int64_t epoch) {
  const std::string number = std::to_string(epoch);
  return "previews/epoch_" + std::string(number.size() < 4 ? 4 - number.size() : 0, '0') + number + ".nrrd";
}

}  // namespace

/// The session's thread and all that belongs to it alone.
class Session::Run {
 public:
  explicit Run(SessionSetup setup) : setup_(std::move(setup)), config_(setup_.config) {
    control.setConfig(config_);
    thread_ = std::thread([this] { work(); });
  }
  ~Run() {
    control.stop();
    if (thread_.joinable()) thread_.join();
  }

  SessionResult wait() { return result_.get(); }
  std::future<Snapshot> snapshot();
  bool ended() const { return result_.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }

  SessionControl control;

 private:
  void work();
  void train();
  void openFolderAndData();
  void restore();
  void trainEpoch();
  void step(const sampling::Batch& batch);
  void obeyRequests();
  void finishEpoch();
  void keepBest(const std::vector<ValidatedCase>& validated);
  void checkpoint();
  void end(const std::string& reason, const std::string& text);

  std::int64_t totalSteps() const;
  bool reachedSteps() const { return config_.steps > 0 && standing_.step >= config_.steps; }
  messages::Moment now() const { return {standing_.step, static_cast<int>(standing_.epoch), wallTime()}; }
  void emit(const messages::Event& event, const std::string& payload = {});
  void say(const std::string& state, const std::string& text = {}) {
    emit(messages::State{now(), state, text});
  }

  SessionSetup setup_;
  core::RunConfig config_;
  std::unique_ptr<RunFolder> folder_;
  bool described_ = false;  // run.json is written: there is a run to record events of
  TrainingData data_;
  RunPlan plan_;
  std::unique_ptr<Trainer> trainer_;
  std::unique_ptr<TargetMaker> targets_;
  Compute compute_;
  Standing standing_;
  std::vector<losses::ClassPart> class_losses_;
  Clock::time_point epoch_start_ = Clock::now();
  Clock::time_point last_checkpoint_ = Clock::now();
  Clock::time_point start_ = Clock::now();
  int bad_steps_ = 0;
  SessionResult outcome_;
  std::promise<SessionResult> promise_;
  std::shared_future<SessionResult> result_ = promise_.get_future().share();
  std::thread thread_;
};

void Session::Run::emit(const messages::Event& event, const std::string& payload) {
  if (described_ && messages::isRecorded(event)) folder_->append(event);
  if (setup_.sink) setup_.sink(event, payload);
}

void Session::Run::work() {
  try {
    train();
    end("finished", "");
  } catch (const core::Interrupted&) {
    try {
      if (trainer_) checkpoint();
      end("stopped", trainer_ ? "saved; it can be resumed" : "stopped before the first step");
    } catch (const std::exception& error) {
      end("failed", error.what());
    }
  } catch (const core::InputError& error) {
    end("failed", error.what());
  } catch (const std::bad_alloc&) {
    end("failed", "memory: there is not enough for this patch and batch; use a smaller --patch or --batch");
  } catch (const std::exception& error) {
    const std::string text = error.what();
    end("failed", text.substr(0, text.find('\n')));
  }
}

std::future<Snapshot> Session::Run::snapshot() {
  auto promise = std::make_shared<std::promise<Snapshot>>();
  auto future = promise->get_future();
  control.post([this, promise] {
    try {
      promise->set_value({plan_.model, networks::copyOf(*trainer_->network(), plan_.model.network),
                          standing_.step, static_cast<int>(standing_.epoch)});
    } catch (...) {
      promise->set_exception(std::current_exception());
    }
  });
  return future;
}

void Session::Run::end(const std::string& reason, const std::string& text) {
  control.dropPosted();
  outcome_.reason = reason;
  outcome_.text = text;
  if (reason == "failed") outcome_.error = std::current_exception();
  outcome_.steps = standing_.step;
  outcome_.best_epoch = static_cast<int>(standing_.best_epoch);
  outcome_.mean_dsc = standing_.best_epoch ? standing_.best_dsc : std::nan("");
  outcome_.seconds = secondsSince(start_);
  try {
    emit(messages::Ended{now(), reason, text, outcome_.mean_dsc, outcome_.best_epoch});
    say(reason, text);
  } catch (const std::exception& error) {
    outcome_.text += std::string(" (and the end could not be recorded: ") + error.what() + ")";
  }
  folder_.reset();
  promise_.set_value(outcome_);
}

void Session::Run::train() {
  at::set_num_threads(config_.threads > 0 ? config_.threads
                                          : static_cast<int>(std::thread::hardware_concurrency()));
  openFolderAndData();
  plan_ = planRun(config_, data_);
  compute_ = chooseCompute(config_.device, config_.precision);
  trainer_ = std::make_unique<Trainer>(plan_.model.network, config_.seed, config_.weight_decay, compute_);
  targets_ = std::make_unique<TargetMaker>(*data_.training, static_cast<int>(data_.labels.size()));
  if (setup_.resume) restore();
  control.setConfig(config_);
  plan_.model.provenance = {{"config", config_},
                            {"data", data_.description},
                            {"rind", core::kVersion},
                            {"libtorch", core::kLibTorchVersion}};
  if (!setup_.resume)
    folder_->writeDescription(
        {{"format", 1},
         {"config", config_},
         {"model", plan_.model},
         {"data", data_.description},
         {"versions", {{"rind", core::kVersion}, {"libtorch", core::kLibTorchVersion}}}});
  described_ = true;
  emit(messages::Started{now(), config_, plan_.stepsPerEpoch(config_.batch), config_.epochs, standing_.step});
  if (setup_.resume && !setup_.changes.empty()) emit(messages::Parameters{now(), setup_.changes});
  say("running", describe(compute_));
  while (standing_.epoch <= config_.epochs) {
    trainEpoch();
    finishEpoch();
    if (reachedSteps()) break;
  }
}

void Session::Run::openFolderAndData() {
  folder_ = std::make_unique<RunFolder>(setup_.folder, setup_.resume);
  const auto split_file = folder_->path() / "split.json";
  if (setup_.resume) {
    config_ = folder_->readDescription().at("config").get<core::RunConfig>();
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
}

void Session::Run::restore() {
  const Restored restored = loadCheckpoint(folder_->path(), *trainer_);
  standing_ = restored.standing;
  for (const auto& changes : folder_->rewindEvents(standing_.step)) core::applySettings(config_, changes);
  core::RunConfig wanted = config_;
  core::applySettings(wanted, setup_.changes);
  setup_.changes = core::differences(config_, wanted);
  requireLive(setup_.changes);
  config_ = wanted;
  if (!restored.warning.empty())
    emit(messages::Warning{now(), "an older checkpoint is used: " + restored.warning});
}

std::int64_t Session::Run::totalSteps() const {
  const std::int64_t by_epochs = config_.epochs * plan_.stepsPerEpoch(config_.batch);
  return config_.steps > 0 ? std::min(config_.steps, by_epochs) : by_epochs;
}

void Session::Run::trainEpoch() {
  epoch_start_ = Clock::now();
  const auto epoch = static_cast<std::uint32_t>(standing_.epoch);
  sampling::PatchLoader::Plan plan = {plan_.patch,
                                      {config_.rotate, config_.flip},
                                      config_.batch,
                                      config_.seed,
                                      epoch,
                                      sampling::epochSamples(plan_.patches_per_case, config_.seed, epoch),
                                      static_cast<std::size_t>(standing_.batches)};
  if (standing_.batches == 0) {
    class_losses_.assign(data_.labels.size(), {});
    standing_.loss_sum = 0;
  }
  class_losses_.resize(data_.labels.size());
  sampling::PatchLoader loader(*data_.training, std::move(plan));
  while (!reachedSteps()) {
    obeyRequests();
    const auto batch = loader.next();
    if (!batch) return;
    step(*batch);
    if (Clock::now() - last_checkpoint_ > kBetweenCheckpoints) checkpoint();
  }
}

void Session::Run::obeyRequests() {
  control.throwIfStopped();
  control.runPosted();
  if (control.pauseRequested()) {
    checkpoint();
    say("paused");
    control.waitWhilePaused();
    control.throwIfStopped();
    say("running", describe(compute_));
  }
  for (const auto& changes : control.takeChanges()) {
    core::applySettings(config_, changes);
    emit(messages::Parameters{now(), changes});
  }
}

void Session::Run::step(const sampling::Batch& batch) {
  const auto start = Clock::now();
  const double rate = learningRate(config_, static_cast<double>(standing_.step) /
                                                static_cast<double>(std::max<std::int64_t>(1, totalSteps())));
  const StepResult result = trainer_->step(batch.image, targets_->make(batch, config_), config_, rate);
  ++standing_.step;
  ++standing_.batches;
  if (!result.applied) {
    std::string names;
    for (const auto index : batch.cases) names += (names.empty() ? "" : ", ") + data_.training->id(index);
    emit(messages::Warning{
        now(), "the loss or its gradient was not finite with " + names + "; that step was left out"});
    if (++bad_steps_ >= kMostBadSteps)
      throw core::InputError("training",
                             std::to_string(kMostBadSteps) + " steps in a row gave no finite loss",
                             "resume with a smaller --lr, and check " + names);
    return;
  }
  bad_steps_ = 0;
  standing_.loss_sum += result.loss.total;
  for (std::size_t c = 0; c < class_losses_.size() && c < result.loss.classes.size(); ++c) {
    class_losses_[c].contour += result.loss.classes[c].contour;
    class_losses_[c].interior += result.loss.classes[c].interior;
  }
  emit(messages::Step{now(), secondsSince(start), rate, result.loss.total, result.loss.terms,
                      result.gradient_norm});
}

void Session::Run::finishEpoch() {
  std::vector<ValidatedCase> validated;
  if (data_.validation && data_.validation->count() > 0) {
    ValidationPlan plan;
    plan.window = {plan_.model.window};
    plan.classes = static_cast<int>(data_.labels.size());
    plan.cancelled = [this] {
      control.runPosted();
      return control.stopRequested();
    };
    plan.progress = [this](std::size_t done, std::size_t all) {
      emit(messages::Progress{now(), "validating", static_cast<std::int64_t>(done),
                              static_cast<std::int64_t>(all)});
    };
    validated = validate([this](const at::Tensor& image) { return trainer_->predict(image); },
                         *data_.validation, plan);
  }
  messages::Epoch event{now(), secondsSince(epoch_start_)};
  const auto steps = static_cast<double>(std::max<std::int64_t>(1, standing_.batches));
  event.loss = standing_.loss_sum / steps;
  event.classes = classMeans(validated, data_.labels);
  event.mean_dsc = meanOf(event.classes);
  for (std::size_t c = 0; c < class_losses_.size(); ++c)
    event.losses.push_back(
        {static_cast<int>(c), class_losses_[c].contour / steps, class_losses_[c].interior / steps});
  event.best = validated.empty() || event.mean_dsc > standing_.best_dsc;
  if (event.best) {
    standing_.best_dsc = validated.empty() ? -1 : event.mean_dsc;
    standing_.best_epoch = standing_.epoch;
    outcome_.classes = event.classes;
    keepBest(validated);
  }
  emit(event);
  if (!validated.empty()) {
    const auto& shown = validated.front();
    const std::string file = epochFile(standing_.epoch);
    core::writeLabelNrrd(folder_->path() / file, shown.geometry, shown.prediction);
    emit(messages::Preview{now(), shown.id, file},
         core::compress(shown.prediction.voxels.data(), shown.prediction.voxels.size()));
  }
  ++standing_.epoch;
  standing_.batches = 0;
  checkpoint();
}

void Session::Run::keepBest(const std::vector<ValidatedCase>& validated) {
  networks::saveWeights(folder_->path() / "checkpoints" / "best.weights", *trainer_->network());
  if (!validated.empty())
    writeScores(folder_->path() / "scores.csv", *data_.validation, validated, data_.labels);
}

void Session::Run::checkpoint() {
  saveCheckpoint(folder_->path(), *trainer_, standing_);
  last_checkpoint_ = Clock::now();
  emit(messages::Checkpoint{now(), "checkpoints/last.checkpoint"});
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
