#pragma once

#include <exception>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>

#include "rind/core/run_config.h"
#include "rind/exporting/model_description.h"
#include "rind/messages/events.h"
#include "rind/training/replay.h"
#include "rind/training/training_data.h"

namespace rind::networks {
class Network;
}

namespace rind::training {

/// Told while data are prepared; true from `cancelled` stops it (Interrupted).
struct OpeningWatch {
  std::function<void(const std::string& what, std::size_t done, std::size_t all)> progress;
  std::function<bool()> cancelled;
  /// What is wrong with a case that was left out (RunConfig::skip_broken), from the opener's own thread.
  std::function<void(const std::string& what)> left_out;
};

/// Reads the configuration's data set and prepares its cases.
using OpenData = std::function<TrainingData(const core::RunConfig&, const OpeningWatch&)>;

/// What happens, from the session's thread. `payload` belongs to a preview.
using EventSink = std::function<void(const messages::Event& event, const std::string& payload)>;

struct SessionSetup {
  core::RunConfig config;
  /// With `resume`: what is to differ from the run as it was, by key. Beside live settings the place may:
  /// data that were moved, device, precision, threads.
  nlohmann::json changes = nlohmann::json::object();
  std::filesystem::path folder;
  bool resume = false;
  /// Whether a step's numbers are read while the next computes on the processor too, as they are on a GPU:
  /// tests ask for it.
  bool late = false;
  /// Changes of another run's settings, made again at the same steps.
  std::vector<RecordedChange> replay;
  OpenData open;
  EventSink sink;
};

struct SessionResult {
  /// "finished", "stopped" (saved, can be resumed) or "failed".
  std::string reason;
  std::string text;
  std::exception_ptr error;  // what it failed with
  bool resumable = false;    // where it was stopped: whether there is something to resume
  int best_epoch = 0;
  double mean_dsc = 0;  // of the best epoch
  std::vector<messages::ClassScore> classes;
  std::int64_t steps = 0;
  double seconds = 0;
};

/// A copy of the network that is being trained, on the CPU in float32 and evaluation mode.
struct Snapshot {
  exporting::ModelDescription model;
  std::shared_ptr<networks::Network> network;
  std::int64_t step = 0;
  int epoch = 0;
};

/// One training in the background. Made, it runs; every method may be called from any thread and returns at
/// once. Pausing and stopping are felt at the next step (or window of a validation). Destruction stops it,
/// saved.
class Session {
 public:
  explicit Session(SessionSetup setup);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void pause();
  void resume();
  void stop();

  /// Settings by key (core/settings.h), in force from the next step; each becomes an event. Throws
  /// InputError: an unknown or wrong value, or one that a running training cannot take.
  void change(const nlohmann::json& changes);

  /// The network as it stands, copied between two steps. The future breaks (std::future_error) where the
  /// session ends first.
  std::future<Snapshot> snapshot();

  bool ended() const;
  /// Waits for the end.
  SessionResult wait();

 private:
  class Run;
  std::unique_ptr<Run> run_;
};

}  // namespace rind::training
