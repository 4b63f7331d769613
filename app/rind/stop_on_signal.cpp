#include "stop_on_signal.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <iostream>

namespace rind::app {
namespace {

constexpr int kInterrupted = 3;
std::atomic<int> signals{0};

void onSignal(int) {
  if (++signals > 1) ::_exit(kInterrupted);
}

/// Whether somebody asked for an end within `time`; looks every 20 ms, as a signal can wake nobody.
bool within(std::chrono::milliseconds time, const std::stop_token& stop) {
  for (auto waited = std::chrono::milliseconds(0); waited < time; waited += std::chrono::milliseconds(20)) {
    if (stop.stop_requested()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return stop.stop_requested();
}

}  // namespace

void countSignals() {
  std::signal(SIGINT, onSignal);
  std::signal(SIGTERM, onSignal);
}

int signalsSoFar() {
  return signals;
}

StopOnSignal::StopOnSignal() {
  countSignals();
  watcher_ = std::jthread([this](const std::stop_token& stop) {
    while (signals == 0)
      if (within(std::chrono::milliseconds(20), stop)) return;
    if (within(std::chrono::milliseconds(700), stop)) return;
    const std::lock_guard no_file_is_half_done(writing);
    std::cerr << "rind: stopped; what was written is whole" << std::endl;
    ::_exit(kInterrupted);
  });
}

StopOnSignal::~StopOnSignal() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

bool StopOnSignal::wanted() {
  return signals > 0;
}

}  // namespace rind::app
