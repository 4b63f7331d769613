#pragma once

#include <QObject>
#include <QTimer>
#include <array>
#include <atomic>

#include "rind/models/background.h"
#include "rind/rendering/render_widget.h"
#include "rind/rendering/shell_scene.h"

namespace rind::rendering {

/// Keeps a scene's surfaces those of the model: makes them on background threads, the newest wish only, and
/// hands them over when they are done, coarse ones first. A band is drawn finely when it rests.
class SurfaceMaker : public QObject {
  Q_OBJECT

 public:
  /// `scene` is drawn by `widget`, on its thread.
  SurfaceMaker(const models::CaseModel& shown, RenderWidget& widget, ShellScene& scene);
  ~SurfaceMaker() override;

  /// Something is being made, or is yet to be made finely.
  bool isBusy() const;
  /// Whether the shells on the screen are those of the settings, coarse or fine.
  bool bandIsShown() const;
  /// Whether the shells handed over last were coarse; fine ones follow.
  bool isPreview() const { return preview_; }
  /// There is a prediction, but it holds no organ.
  bool predictsNothing() const;
  /// The scene shows something else now, which may need colours.
  void setMode(SceneMode mode);

 Q_SIGNALS:
  /// Fine surfaces of a kind were handed over, or that there are none.
  void made();

 private:
  struct Task {
    bool running = false;
    bool wanted = false;
    Detail detail = Detail::fine;
    std::shared_ptr<std::atomic<bool>> cancel;
  };
  using Surfaces = std::vector<Surface>;

  void modelChanged(models::Changes what);
  void want(SurfaceKind kind);
  void drop(SurfaceKind kind);
  void wantFine(SurfaceKind kind);
  void beginOrWait(SurfaceKind kind);
  void begin(SurfaceKind kind);
  template <class Work>
  void run(SurfaceKind kind, Work work);
  void wantColours();
  void paint();
  void showVisible();
  void take(SurfaceKind kind, Surfaces surfaces);
  Task& task(SurfaceKind kind) { return tasks_[static_cast<std::size_t>(kind)]; }
  const Task& task(SurfaceKind kind) const { return tasks_[static_cast<std::size_t>(kind)]; }

  const models::CaseModel& case_;
  RenderWidget& widget_;
  ShellScene& scene_;  // to be touched on the widget's thread only
  SceneMode mode_ = SceneMode::shells;
  std::array<Task, 4> tasks_;
  Surfaces outer_;
  Surfaces prediction_;
  QTimer refine_;
  QTimer preview_later_;
  long band_edit_ = 0;
  bool band_made_ = false;  // since it changed
  bool preview_ = false;
  models::Background background_{this, 1};
};

}  // namespace rind::rendering
