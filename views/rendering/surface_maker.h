#pragma once

#include <QObject>
#include <array>
#include <atomic>

#include "rind/models/background.h"
#include "rind/rendering/shell_scene.h"

namespace rind::rendering {

/// Keeps a scene's surfaces those of the model: makes them on a background thread, the newest wish only, and
/// hands them over when they are done.
class SurfaceMaker : public QObject {
  Q_OBJECT

 public:
  SurfaceMaker(const models::CaseModel& shown, ShellScene& scene, QObject* parent = nullptr);
  ~SurfaceMaker() override;

  bool isBusy() const;

 Q_SIGNALS:
  /// The scene has changed and wants to be drawn.
  void updated();

 private:
  struct Task {
    bool running = false;
    bool wanted = false;
    std::shared_ptr<std::atomic<bool>> cancel;
  };

  void want(SurfaceKind kind);
  void begin(SurfaceKind kind);
  Task& task(SurfaceKind kind) { return tasks_[static_cast<std::size_t>(kind)]; }

  const models::CaseModel& case_;
  ShellScene& scene_;
  std::array<Task, 3> tasks_;
  models::Background background_{this, 1};
};

}  // namespace rind::rendering
