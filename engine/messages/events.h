#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "rind/messages/framing.h"

namespace rind::messages {

/// When an event happened: optimiser steps done, the epoch it belongs to (from 1), seconds since 1970 UTC.
struct Moment {
  std::int64_t step = 0;
  int epoch = 0;
  double time = 0;
};

/// Scores of one foreground class on the validation cases. NaN where the class occurs in no case.
struct ClassScore {
  int index = 0;
  std::string name;
  double dsc = 0;
};

/// One class's share of the loss, averaged over an epoch's steps.
struct ClassLoss {
  int index = 0;
  double contour = 0;
  double interior = 0;
};

struct Started {
  Moment at;
  nlohmann::json config;
  std::int64_t steps_per_epoch = 0;
  int epochs = 0;
  std::int64_t resumed_from = 0;  // 0: a new run
  /// Bytes, on the device that trains: what the run is estimated to hold at once, and what was left before it
  /// began. 0: not known.
  double memory_needed = 0, memory_left = 0;
};

struct Step {
  Moment at;
  double seconds = 0;  // of this step alone
  double learning_rate = 0;
  double loss = 0;
  std::vector<std::pair<std::string, double>> terms;
  double gradient_norm = 0;
  int patches = 0;  // that it was trained with; 0: not known (a run of before it was said)
};

struct Epoch {
  Moment at;
  double seconds = 0;
  double loss = 0;      // mean over the epoch's steps
  double mean_dsc = 0;  // mean over classes of the mean over validation cases
  std::vector<ClassScore> classes;
  std::vector<ClassLoss> losses;
  bool best = false;
  double waited = 0;  // share of the time of its steps that they waited for data
};

/// Settings that changed; they hold from the step after `at.step`.
struct Parameters {
  Moment at;
  nlohmann::json changes;
};

struct Checkpoint {
  Moment at;
  std::string file;  // relative to the run folder
};

/// The prediction for the preview case. Live, the message's payload holds the gzip-compressed labels.
struct Preview {
  Moment at;
  std::string case_id;
  std::string file;
};

struct Warning {
  Moment at;
  std::string text;
};

/// "loading", "preparing", "running", "paused", "stopped" (can be resumed), "finished" or "failed".
struct State {
  Moment at;
  std::string state;
  std::string text;
};

/// Work over a second that is not training: preparing cases, validating.
struct Progress {
  Moment at;
  std::string what;
  std::int64_t done = 0;
  std::int64_t all = 0;
};

/// How the run ended: "finished", "stopped" or "failed" (with the reason).
struct Ended {
  Moment at;
  std::string reason;
  std::string text;
  double mean_dsc = 0;
  int best_epoch = 0;
};

using Event =
    std::variant<Started, Step, Epoch, Parameters, Checkpoint, Preview, Warning, State, Progress, Ended>;

/// A line of events.jsonl, and the body of an event message.
nlohmann::json toJson(const Event& event);

/// Nothing for an event of a type that is not known (a newer peer's) or that lacks what it must have.
std::optional<Event> parseEvent(const nlohmann::json& body);

/// Whether events.jsonl keeps it: no progress, and of the states "running" and "paused", for who looks later.
bool isRecorded(const Event& event);

const Moment& momentOf(const Event& event);

}  // namespace rind::messages
