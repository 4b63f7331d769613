#pragma once

#include <functional>
#include <future>
#include <memory>

#include "rind/training/session.h"

namespace rind::training {

/// A session with `then` called at every event, in the session's own thread: what it asks comes at a known
/// moment.
class WatchedSession {
 public:
  using Then = std::function<void(const messages::Event& event, Session& session)>;

  WatchedSession(SessionSetup setup, Then then) {
    EventSink told = std::move(setup.sink);
    setup.sink = [told = std::move(told), then = std::move(then), session = made_.get_future().share()](
                     const messages::Event& event, const std::string& payload) {
      told(event, payload);
      then(event, *session.get());
    };
    session_ = std::make_unique<Session>(std::move(setup));
    made_.set_value(session_.get());
  }
  SessionResult wait() { return session_->wait(); }

 private:
  std::promise<Session*> made_;
  std::unique_ptr<Session> session_;
};

/// Calls `act` after that step.
inline WatchedSession::Then afterStep(std::int64_t step, std::function<void(Session&)> act) {
  return [step, act = std::move(act)](const messages::Event& event, Session& session) {
    const auto* done = std::get_if<messages::Step>(&event);
    if (done != nullptr && done->at.step == step) act(session);
  };
}

}  // namespace rind::training
