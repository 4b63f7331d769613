#include "train_progress.h"

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <iostream>

#include "rind/core/memory.h"

namespace rind::app {
namespace {

std::string duration(double seconds) {
  char text[32];
  const auto whole = static_cast<long>(std::llround(seconds));
  if (whole >= 3600)
    std::snprintf(text, sizeof text, "%ld h %02ld min", whole / 3600, whole / 60 % 60);
  else
    std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  return text;
}

}  // namespace

TrainProgress::TrainProgress()
    : terminal_(::isatty(STDERR_FILENO) == 1), start_(std::chrono::steady_clock::now()) {}

TrainProgress::~TrainProgress() {
  if (bar_drawn_) std::cerr << std::endl;
}

void TrainProgress::line(const std::string& text) {
  std::cerr << (bar_drawn_ ? "\r\033[K" : "") << text << std::endl;
  bar_drawn_ = false;
}

void TrainProgress::bar(const messages::Step& step) {
  const auto done = step.at.step - first_step_;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const double rate = static_cast<double>(done) / std::max(seconds, 1e-9);
  const double share =
      static_cast<double>(step.at.step) / static_cast<double>(std::max<std::int64_t>(1, all_steps_));
  const auto filled = static_cast<std::size_t>(30 * std::min(1.0, share));
  char text[160];
  std::snprintf(text, sizeof text, "\r\033[K[%s%s] %ld/%ld  loss %.4f  %.2f steps/s  %s left",
                std::string(filled, '#').c_str(), std::string(30 - filled, '.').c_str(),
                static_cast<long>(step.at.step), static_cast<long>(all_steps_), step.loss, rate,
                duration(static_cast<double>(all_steps_ - step.at.step) / std::max(rate, 1e-9)).c_str());
  std::cerr << text << std::flush;
  bar_drawn_ = true;
}

void TrainProgress::show(const messages::Event& event) {
  if (const auto* started = std::get_if<messages::Started>(&event)) {
    epochs_ = started->epochs;
    const auto limit = started->config.value("steps", std::int64_t{0});
    all_steps_ = limit > 0 ? limit : started->steps_per_epoch * started->epochs;
    first_step_ = started->at.step;
    start_ = std::chrono::steady_clock::now();
    if (started->memory_needed > 0)
      line("needs about " + core::describeBytes(started->memory_needed) + " of memory; " +
           core::describeBytes(started->memory_left) + " are left");
  } else if (const auto* step = std::get_if<messages::Step>(&event)) {
    if (terminal_) bar(*step);
  } else if (const auto* epoch = std::get_if<messages::Epoch>(&event)) {
    char text[160];
    std::snprintf(text, sizeof text, "epoch %d/%d  loss %.4f  mean DSC %.4f%s  in %s", epoch->at.epoch,
                  epochs_, epoch->loss, epoch->mean_dsc, epoch->best ? " (best)" : "",
                  duration(epoch->seconds).c_str());
    std::string classes;
    for (const auto& c : epoch->classes) {
      char one[96];
      std::snprintf(one, sizeof one, "  %s %.3f", c.name.c_str(), c.dsc);
      classes += one;
    }
    line(text + classes);
  } else if (const auto* warning = std::get_if<messages::Warning>(&event)) {
    line("warning: " + warning->text);
  } else if (const auto* progress = std::get_if<messages::Progress>(&event)) {
    if (terminal_) {
      std::cerr << "\r\033[K" << progress->what << " " << progress->done << "/" << progress->all
                << std::flush;
      bar_drawn_ = true;
    }
  }
}

}  // namespace rind::app
