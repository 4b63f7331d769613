#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "rind/core/error.h"
#include "rind/core/run_config.h"
#include "rind/core/settings.h"

namespace rind::training {

/// Throws InputError for a setting that a training under way cannot take.
inline void requireLive(const nlohmann::json& changes) {
  const nlohmann::json opened = core::withPresetsOpened(changes);
  for (const auto& [key, value] : opened.items())
    if (!core::setting(key).live)
      throw core::InputError("--" + key, "cannot change in a run that has begun", "start a new run with it");
}

/// What others ask of a session's thread. Any thread may ask; the session looks between steps.
class SessionControl {
 public:
  void pause() { set(paused_, true); }
  void resume() { set(paused_, false); }
  void stop() { set(stopped_, true); }

  bool stopRequested() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }
  bool pauseRequested() const {
    const std::lock_guard lock(mutex_);
    return paused_ && !stopped_;
  }
  void waitWhilePaused() {
    std::unique_lock lock(mutex_);
    while (paused_ && !stopped_) {
      changed_.wait(lock, [this] { return !paused_ || stopped_ || !posted_.empty(); });
      lock.unlock();
      runPosted();
      lock.lock();
    }
  }
  /// Waits for `time`, or until a stop is asked for.
  void rest(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [this] { return stopped_; });
  }
  void throwIfStopped() const {
    if (stopRequested()) throw core::Interrupted("stopped on request");
  }

  /// Work for the session's thread, done at its next look (between steps, windows of a validation, while
  /// paused). Dropped where the session has ended or ends first.
  void post(std::function<void()> work) {
    {
      const std::lock_guard lock(mutex_);
      if (!ended_) posted_.push_back(std::move(work));
    }
    changed_.notify_all();
  }
  void runPosted() {
    std::vector<std::function<void()>> due;
    {
      const std::lock_guard lock(mutex_);
      due.swap(posted_);
    }
    for (const auto& work : due) work();
  }
  void dropPosted() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    posted_.clear();
  }

  /// The settings that later changes are checked against.
  void setConfig(const core::RunConfig& config) {
    const std::lock_guard lock(mutex_);
    config_ = config;
  }
  /// Checks at once, in the caller's thread; takeChange gives them to the session. What was not refused is
  /// taken, even where the session ends next.
  void change(const nlohmann::json& changes) {
    requireLive(changes);
    const std::lock_guard lock(mutex_);
    if (closed_) throw core::InputError("training", "is ending", "resume it, then change it");
    core::applySettings(config_, changes);
    changes_.push_back(changes);
  }
  /// The next in order; nothing where none waits.
  std::optional<nlohmann::json> takeChange() {
    const std::lock_guard lock(mutex_);
    if (changes_.empty()) return std::nullopt;
    std::optional<nlohmann::json> next(std::in_place, std::move(changes_.front()));
    changes_.pop_front();
    return next;
  }
  /// Refuses changes from here on; false, and does not, where one still waits to be taken.
  bool closeToChanges() {
    const std::lock_guard lock(mutex_);
    closed_ = changes_.empty();
    return closed_;
  }

 private:
  void set(bool& flag, bool value) {
    {
      const std::lock_guard lock(mutex_);
      flag = value;
    }
    changed_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool paused_ = false;
  bool stopped_ = false;
  bool ended_ = false;
  bool closed_ = false;
  std::vector<std::function<void()>> posted_;
  core::RunConfig config_;
  std::deque<nlohmann::json> changes_;
};

}  // namespace rind::training
