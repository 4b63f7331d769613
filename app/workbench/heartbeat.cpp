#include "rind/workbench/heartbeat.h"

#include <cmath>

namespace rind::workbench {
namespace {

constexpr int kMilliseconds = 4;

}  // namespace

Heartbeat::Heartbeat() {
  timer_.setTimerType(Qt::PreciseTimer);
  timer_.setSingleShot(true);
  timer_.callOnTimeout(&timer_, [this] { beat(); });
}

void Heartbeat::start() {
  lateness_.clear();
  due_ = kMilliseconds;
  clock_.start();
  timer_.start(kMilliseconds);
}

void Heartbeat::stop() {
  beat();
  timer_.stop();
}

void Heartbeat::beat() {
  const double now = static_cast<double>(clock_.nsecsElapsed()) / 1e6;
  for (; due_ <= now; due_ += kMilliseconds) lateness_.push_back(now - due_);
  timer_.start(static_cast<int>(std::ceil(due_ - now)));
}

}  // namespace rind::workbench
