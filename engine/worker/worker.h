#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>

#include "rind/training/session.h"
#include "rind/worker/probe_service.h"

namespace rind::worker {

struct WorkerSetup {
  int input = 0;  // file descriptors of the desktop's end of the protocol
  int output = 1;
  training::OpenData open;
  /// Exports a run's best model: run folder, format, target. Returns a warning where other weights had to be
  /// taken, else nothing. Throws InputError.
  std::function<std::string(const std::filesystem::path&, const std::string&, const std::filesystem::path&)>
      export_model;
  OpenCase open_case;  // for probes
  std::ostream* log = nullptr;
};

/// Serves the protocol of rind/messages until `shutdown` or the end of input; a training that is running is
/// then stopped and saved. Every command gets one reply; malformed input gets an error and never ends the
/// worker. Returns when all is written.
void serve(const WorkerSetup& setup);

}  // namespace rind::worker
