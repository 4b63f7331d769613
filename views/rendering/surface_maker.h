#pragma once

#include <QObject>
#include <QTimer>
#include <array>
#include <atomic>

#include "rind/models/background.h"
#include "rind/rendering/shell_scene.h"

namespace rind::rendering {

/// Keeps a scene's surfaces those of the model: makes them on background threads, the newest wish only, and
/// hands them over when they are done. A band that moves is drawn coarsely first and finely when it rests.
class SurfaceMaker : public QObject {
  Q_OBJECT

 public:
  SurfaceMaker(const models::CaseModel& shown, ShellScene& scene, QObject* parent = nullptr);
  ~SurfaceMaker() override;

  /// Something is being made, or is yet to be made finely.
  bool isBusy() const;
  /// Whether the shells in the scene are those of the settings, coarse or fine.
  bool bandIsCurrent() const;
  /// The scene shows something else now, which may need colours.
  void modeChanged();

 Q_SIGNALS:
  /// The scene has changed and wants to be drawn.
  void updated();

 private:
  struct Task {
    bool running = false;
    bool wanted = false;
    std::shared_ptr<std::atomic<bool>> cancel;
  };
  using Surfaces = std::vector<Surface>;

  void modelChanged(models::Changes what);
  void want(SurfaceKind kind);
  void begin(SurfaceKind kind);
  template <class Work>
  void run(SurfaceKind kind, Work work);
  void paint();
  void take(SurfaceKind kind, Surfaces surfaces);
  Task& task(SurfaceKind kind) { return tasks_[static_cast<std::size_t>(kind)]; }
  const Task& task(SurfaceKind kind) const { return tasks_[static_cast<std::size_t>(kind)]; }

  const models::CaseModel& case_;
  ShellScene& scene_;
  std::array<Task, 4> tasks_;
  Surfaces outer_;
  Surfaces prediction_;
  QTimer refine_;
  bool coarse_ = true;
  models::Background background_{this, 1};
};

}  // namespace rind::rendering
