#include <cmath>

#include "rind/core/atomic_file.h"
#include "rind/training/session_run.h"

namespace rind::training {
namespace {

constexpr auto kBetweenTries = std::chrono::milliseconds(300);

}  // namespace

messages::Moment Session::Run::now() const {
  const auto time = std::chrono::system_clock::now().time_since_epoch();
  return {standing_.step, static_cast<int>(standing_.epoch), std::chrono::duration<double>(time).count()};
}

void Session::Run::emit(const messages::Event& event, const std::string& payload) {
  if (described_ && messages::isRecorded(event)) {
    whenRoom([&] { folder_->append(event); });
    if (tensorboard_) whenRoom([&] { tensorboard_->add(event); });
  }
  if (setup_.sink) setup_.sink(event, payload);
}

/// Waits where the disk is full. Who watches is told, and who looks at the folder: the record is what cannot
/// be written.
void Session::Run::whenRoom(const std::function<void()>& write) {
  for (bool told = false;; told = true) try {
      write();
      if (!told) return;
      folder_->note({});
      if (setup_.sink) setup_.sink(messages::State{now(), "running", "there is room again"}, {});
      return;
    } catch (const core::DiskFull& error) {
      const std::string text = std::string("waiting for room on the disk: ") + error.what();
      if (!told) folder_->note(text);
      if (!told && setup_.sink) {
        setup_.sink(messages::Warning{now(), text}, {});
        setup_.sink(messages::State{now(), "paused", text}, {});
      }
      control.throwIfStopped();
      control.rest(kBetweenTries);
    }
}

void Session::Run::checkpoint(bool epoch_begins) {
  finishSteps();
  const auto state = std::make_shared<const networks::WeightsCopy>(copyState(*trainer_, standing_));
  FileWriter::Job job;
  job.write = [folder = folder_->path(), state, epoch_begins] {
    core::flushToDisk(folder / "events.jsonl");  // a checkpoint has no steps that the record lacks
    writeCheckpoint(folder, *state, epoch_begins);
  };
  job.written = messages::Checkpoint{now(), "checkpoints/last.checkpoint"};
  job.replaceable = !epoch_begins;
  writer_.add(std::move(job));
  last_checkpoint_ = Clock::now();
}

void Session::Run::tellWritten() {
  for (const auto& [event, payload] : writer_.takeWritten()) emit(event, payload ? payload() : "");
}

void Session::Run::waitForWriter(std::size_t most) {
  bool told = false;
  while (writer_.waiting() > most || !writer_.trouble().empty()) {
    writer_.throwFailure();
    const std::string trouble = writer_.trouble();
    if (!told && !trouble.empty()) {
      told = true;
      folder_->note("waiting to write: " + trouble);
      if (setup_.sink) setup_.sink(messages::Warning{now(), "waiting to write: " + trouble}, {});
      if (setup_.sink) setup_.sink(messages::State{now(), "paused", trouble}, {});
    }
    control.throwIfStopped();
    control.runPosted();
    control.rest(std::chrono::milliseconds(20));
  }
  writer_.throwFailure();
  tellWritten();
  if (!told) return;
  folder_->note({});
  say("running", "what waited is written");
}

}  // namespace rind::training
