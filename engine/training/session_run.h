#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <future>
#include <thread>

#include "rind/sampling/patch_loader.h"
#include "rind/training/checkpoint.h"
#include "rind/training/file_writer.h"
#include "rind/training/run_folder.h"
#include "rind/training/run_plan.h"
#include "rind/training/session.h"
#include "rind/training/session_control.h"
#include "rind/training/tensorboard.h"
#include "rind/training/validation.h"

namespace rind::training {

/// The session's thread and all that belongs to it alone. Its methods by idea: beginning and end in
/// session.cpp, going on with a run in session_resume.cpp, steps in session_steps.cpp, an epoch's end in
/// session_validation.cpp, what is written and told in session_records.cpp.
class Session::Run {
 public:
  explicit Run(SessionSetup setup);
  ~Run();

  SessionResult wait() { return result_.get(); }
  std::future<Snapshot> snapshot();
  bool ended() const { return result_.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }

  SessionControl control;

 private:
  using Clock = std::chrono::steady_clock;

  /// A step that the trainer has begun, and what is to be told of it when it is finished.
  struct BegunStep {
    std::vector<sampling::Batch> batches;
    std::size_t patches = 0;  // none where all of its cases are broken
    double rate = 0;
    Clock::time_point start;
  };

  void work();
  void train();
  void openFolderAndData();
  void makeTrainer();
  void describeRun();
  /// The run's settings, with what says where it trains now.
  void readRun();
  void restore();
  /// The settings as they were at the checkpoint, with what is to differ; the record's later changes wait.
  void takeSettings(const std::vector<RecordedChange>& recorded);
  bool finished() const;
  /// Checkpoint, waiting files and record; returns what could not be written for want of room. Throws what
  /// writing failed with otherwise.
  std::string save();
  void saveAndStop();
  void fail(const std::exception_ptr& error);
  void end(const std::string& reason, const std::string& text);

  void trainEpoch();
  /// False where the plan changed on the way: the rest needs a new loader.
  bool trainBatches();
  std::vector<sampling::Batch> nextBatches(sampling::PatchLoader& loader);
  void obeyRequests();
  void takeChanges();
  void applyChanges(const nlohmann::json& changes);
  void setConfig(const nlohmann::json& changes);
  void beginStep(std::vector<sampling::Batch> batches);
  /// Until no more than `most` are begun. To be called with 0 before weights, settings or the standing are
  /// read or changed.
  void finishSteps(std::size_t most = 0);
  void finishStep();
  void leaveOut(const std::vector<sampling::Batch>& batches);
  void returnToGoodState();
  /// Goes on with less memory a step where that was asked for; else throws what to do about it.
  void useLessMemory();

  void finishEpoch();
  bool validates() const { return data_.validation && data_.validation->count() > 0; }
  std::vector<ValidatedCase> validateNow();
  messages::Epoch scoresOf(const std::vector<ValidatedCase>& validated);
  void keepBest(std::shared_ptr<const std::vector<ValidatedCase>> validated);
  void keepPreview(const ValidatedCase& shown);

  void checkpoint(bool epoch_begins = false);
  void whenRoom(const std::function<void()>& write);
  void tellWritten();
  /// Until the files that wait are few and none is in trouble.
  void waitForWriter(std::size_t most);
  void emit(const messages::Event& event, const std::string& payload = {});
  void warn(const std::string& text) { emit(messages::Warning{now(), text}); }
  void say(const std::string& state, const std::string& text = {}) {
    emit(messages::State{now(), state, text});
  }

  std::int64_t stepsPerEpoch() const { return plan_.stepsPerEpoch(config_.batch * config_.accumulate); }
  std::int64_t totalSteps() const;
  int plannedEpochs() const;
  /// Finished or not.
  std::int64_t begunSteps() const { return standing_.step + static_cast<std::int64_t>(begun_.size()); }
  bool reachedSteps() const { return config_.steps > 0 && begunSteps() >= config_.steps; }
  messages::Moment now() const;

  SessionSetup setup_;
  core::RunConfig config_;
  std::unique_ptr<RunFolder> folder_;
  std::unique_ptr<TensorBoardFile> tensorboard_;
  bool described_ = false;  // run.json is written: there is a run to record events of
  TrainingData data_;
  RunPlan plan_;
  std::unique_ptr<Trainer> trainer_;
  std::unique_ptr<TargetMaker> targets_;
  Compute compute_;
  double memory_needed_ = 0, memory_left_ = 0;
  Standing standing_;  // after the finished steps
  std::deque<BegunStep> begun_;
  bool replanned_ = false;
  std::size_t replayed_ = 0;           // of the setup's changes
  std::vector<RecordedChange> again_;  // made after the checkpoint that was resumed from, and not yet again
  std::string split_as_given_;         // by the run's description; it trains with RUN/split.json
  nlohmann::json moved_;               // settings that say where a resumed run trains, where they differ
  std::vector<std::string> left_out_;  // while cases were prepared, before there was a record
  double waited_ = 0, worked_ = 0;     // seconds of this epoch's steps
  Clock::time_point epoch_start_ = Clock::now();
  Clock::time_point last_checkpoint_ = Clock::now(), last_finish_ = Clock::now();
  Clock::time_point start_ = Clock::now();
  SessionResult outcome_;
  FileWriter writer_;
  std::promise<SessionResult> promise_;
  std::shared_future<SessionResult> result_ = promise_.get_future().share();
  std::thread thread_;
};

}  // namespace rind::training
