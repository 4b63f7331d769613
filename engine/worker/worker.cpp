#include "rind/worker/worker.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <mutex>
#include <ostream>

#include "rind/core/error.h"
#include "rind/core/free_folder.h"
#include "rind/core/settings.h"
#include "rind/core/version.h"
#include "rind/messages/commands.h"
#include "rind/messages/framing.h"
#include "rind/training/device.h"
#include "rind/worker/probe_service.h"
#include "rind/worker/task_thread.h"

namespace rind::worker {
namespace {

using nlohmann::json;

/// Writes messages whole, from whichever thread; a peer that is gone is no error (the reader sees the end).
class Output {
 public:
  explicit Output(int file) : file_(file) {}

  void send(messages::Message message) {
    const std::string bytes = messages::encode(std::move(message));
    const std::lock_guard lock(mutex_);
    std::size_t at = 0;
    while (at < bytes.size()) {
      const ssize_t written = ::write(file_, bytes.data() + at, bytes.size() - at);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;
      at += static_cast<std::size_t>(written);
    }
  }

 private:
  int file_;
  std::mutex mutex_;
};

class Server {
 public:
  explicit Server(const WorkerSetup& setup)
      : setup_(setup), output_(setup.output), probes_(setup.open_case) {}

  void run() {
    messages::Decoder decoder;
    std::array<char, 65536> bytes = {};
    while (!shutdown_) {
      const ssize_t got = ::read(setup_.input, bytes.data(), bytes.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      decoder.feed({bytes.data(), static_cast<std::size_t>(got)});
      while (auto message = decoder.next()) answer(*message);
    }
    log("end of input or shutdown");
    session_.reset();  // stops and saves
    exporting_.finish();
  }

 private:
  void answer(const std::variant<messages::Message, messages::Malformed>& message) {
    if (const auto* malformed = std::get_if<messages::Malformed>(&message)) {
      log("malformed: " + malformed->why);
      reply({0, false, "message: " + malformed->why + "; send one JSON object a line"});
      return;
    }
    const json& body = std::get<messages::Message>(message).body;
    const auto id = body.find("id");
    const std::int64_t number = id != body.end() && id->is_number_integer() ? id->get<std::int64_t>() : 0;
    try {
      const auto command = messages::parseCommand(body);
      log("command " + body.value("command", ""));
      std::visit([&](const auto& c) { handle(number, c); }, command.command);
    } catch (const std::exception& error) {
      reply({number, false, error.what()});
    }
  }

  void handle(std::int64_t id, const messages::Hello&) {
    reply({id,
           true,
           "",
           {{"version", messages::kProtocolVersion}, {"rind", core::kVersion}, {"process", ::getpid()}}});
  }

  void handle(std::int64_t id, const messages::Start& start) {
    if (session_ && !session_->ended())
      throw core::InputError("start", "a training is already running", "stop it first");
    session_.reset();
    training::SessionSetup setup;
    if (start.resume)
      setup.changes = start.config;
    else
      core::applySettings(setup.config, start.config);
    session_folder_ = start.or_next ? core::freeFolderFrom(start.run).string() : start.run;
    setup.folder = session_folder_;
    setup.resume = start.resume;
    setup.open = setup_.open;
    setup.sink = [this](const messages::Event& event, const std::string& payload) {
      output_.send({messages::toJson(event), payload});
    };
    reply({id, true, "", {{"run", session_folder_}}});
    session_ = std::make_unique<training::Session>(std::move(setup));
  }

  void handle(std::int64_t id, const messages::Pause&) { running().pause(), reply({id}); }
  void handle(std::int64_t id, const messages::Resume&) { running().resume(), reply({id}); }
  void handle(std::int64_t id, const messages::Stop&) { running().stop(), reply({id}); }
  void handle(std::int64_t id, const messages::Set& set) { running().change(set.changes), reply({id}); }

  /// On a thread of its own, one after another: tracing takes seconds, and a running training goes on being
  /// paused and stopped.
  void handle(std::int64_t id, const messages::Export& wanted) {
    exporting_.post([this, id, wanted] {
      try {
        const std::string warning = setup_.export_model(wanted.run, wanted.format, wanted.path);
        reply({id, true, "", {{"path", wanted.path}, {"warning", warning}}});
      } catch (const std::exception& error) {
        reply({id, false, error.what()});
      }
    });
  }

  /// On a thread of its own too; a probe waits for nothing but the probes before it and, where its run is
  /// being trained, for that training's next step.
  void handle(std::int64_t id, const messages::Probe& probe) {
    std::optional<std::future<training::Snapshot>> now;
    if (probe.fresh && session_ && !session_->ended() && session_folder_ == probe.run)
      now = session_->snapshot();
    auto held = std::make_shared<decltype(now)>(std::move(now));
    probing_.post([this, id, probe, held] {
      try {
        messages::Reply answer = probes_.answer(probe, std::move(*held));
        answer.id = id;
        reply(answer);
      } catch (const std::exception& error) {
        const std::string text = error.what();
        reply({id, false, text.substr(0, text.find('\n'))});
      }
    });
  }

  void handle(std::int64_t id, const messages::Shutdown&) {
    shutdown_ = true;
    session_.reset();
    reply({id});
  }

  training::Session& running() {
    if (!session_ || session_->ended())
      throw core::InputError("training", "none is running", "start one first");
    return *session_;
  }

  void reply(const messages::Reply& answer) { output_.send({messages::toJson(answer), answer.payload}); }

  void log(const std::string& line) {
    if (setup_.log) *setup_.log << line << std::endl;
  }

  const WorkerSetup& setup_;
  Output output_;
  ProbeService probes_;
  std::unique_ptr<training::Session> session_;
  std::string session_folder_;
  bool shutdown_ = false;
  TaskThread exporting_, probing_;  // last: they use the others
};

}  // namespace

void serve(const WorkerSetup& setup) {
  training::loadGpuHalf();  // before a probe or an export computes; a training says what is missing
  Server(setup).run();
}

}  // namespace rind::worker
