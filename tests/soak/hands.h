#pragma once

#include <QWidget>
#include <cstdint>
#include <filesystem>
#include <random>

#include "doing.h"
#include "rind/workbench/main_window.h"

namespace rind::soak {

struct Place {
  std::string engine;  // the program that trains
  std::filesystem::path runs;
};

/// Somebody who uses the window at random: presses what is enabled, drags what can be dragged.
class Hands {
 public:
  Hands(Doing& doing, std::uint64_t seed, Place place);

  /// Opens a window on the phantom, does `actions` things, stops the training and closes everything.
  void cycle(int actions);
  int trainings() const { return trainings_; }

 private:
  friend struct Actions;

  int below(int bound) {
    return static_cast<int>(random_() % static_cast<std::uint64_t>(std::max(1, bound)));
  }
  template <class T>
  T* any(const QList<T*>& of) {
    return of.isEmpty() ? nullptr : of[below(static_cast<int>(of.size()))];
  }
  /// One of the kind that is shown, enabled and wanted.
  template <class T, class Wanted>
  T* anyUsable(Wanted wanted);

  void open();
  void act();
  void close();
  void trigger(const char* name);
  void drag(QWidget& widget);
  void wheel(QWidget& widget);
  void openSomething();
  void compare();
  void writeSurfaces();
  void keepFewRuns();

  Doing& doing_;
  std::mt19937_64 random_;
  Place place_;
  std::unique_ptr<workbench::Session> session_;
  std::unique_ptr<workbench::MainWindow> window_;
  int trainings_ = 0;
};

}  // namespace rind::soak
