#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>

#include "rind/core/geometry.h"

namespace rind::messages {

/// Of the protocol; a worker says its own in its reply to `hello`.
constexpr int kProtocolVersion = 1;

struct Hello {
  int version = kProtocolVersion;
};

/// Trains `config` (settings by key) into the run folder `run`. With `resume`, goes on from its last
/// checkpoint. With `or_next`, where there is such a folder already, into the next free one of its row
/// (core::freeFolderFrom): who asks may not see the disk. The reply says the folder as `run`.
struct Start {
  nlohmann::json config;
  std::string run;
  bool resume = false;
  bool or_next = false;
};

struct Pause {};
struct Resume {};
/// Saves a checkpoint and ends the training; the run can be resumed.
struct Stop {};

/// Changes settings of the running training from its next step on.
struct Set {
  nlohmann::json changes;
};

/// Exports the run's best model. Formats: torchscript, onnx, monai-bundle. The reply has a `warning` where
/// other weights had to be taken, else an empty one.
struct Export {
  std::string run;
  std::string format = "torchscript";
  std::string path;
};

/// Asks what each of the eight losses says of a case at `config`'s settings, and where its gradient goes,
/// without training: one forward pass over the network's window around `centre`. The network is the one that
/// trains in the folder `run`, as it stands; else that run's best; else (no run) an untrained one. The reply
/// is a ProbeReply (probe_reply.h) with the heat map as its payload.
struct Probe {
  nlohmann::json config;
  std::string case_id;
  std::string run;
  core::Index3 centre;
  /// The loss whose gradient the heat map shows; empty: the configuration's.
  std::string heat_loss;
  /// False: the network's answer to the last probe of this case and place will do (settings have changed,
  /// nothing else).
  bool fresh = true;
};

/// Ends the worker, saving as Stop does.
struct Shutdown {};

using Command = std::variant<Hello, Start, Pause, Resume, Stop, Set, Export, Probe, Shutdown>;

struct NumberedCommand {
  std::int64_t id = 0;
  Command command;
};

/// `{"id": 3, "command": "set", "changes": {…}}`
nlohmann::json toJson(const NumberedCommand& command);

/// Throws core::InputError: no id, an unknown command, a field missing or of the wrong type.
NumberedCommand parseCommand(const nlohmann::json& body);

/// The one answer to a command: `{"reply": id, "ok": true, …}` or `{"reply": id, "ok": false, "error": "…"}`.
struct Reply {
  std::int64_t id = 0;
  bool ok = true;
  std::string error;
  nlohmann::json result = nlohmann::json::object();
  /// Raw bytes that came with it; toJson leaves them to the message.
  std::string payload = {};
};

nlohmann::json toJson(const Reply& reply);
/// Nothing where the body is not a reply.
std::optional<Reply> parseReply(const nlohmann::json& body);

}  // namespace rind::messages
