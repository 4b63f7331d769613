#pragma once

#include <QBoxLayout>
#include <QComboBox>
#include <QSlider>
#include <QTimer>
#include <QToolButton>
#include <QWidget>
#include <memory>
#include <optional>

#include "rind/models/case_model.h"
#include "rind/rendering/render_widget.h"
#include "rind/rendering/surface_maker.h"

namespace rind::workbench {

/// The 3D view under its own strip: what it shows, the cut, and from where it looks.
class SceneView : public QWidget {
  Q_OBJECT

 public:
  explicit SceneView(models::CaseModel& shown, QWidget* parent = nullptr);
  ~SceneView() override;

  /// Belongs to the 3D view's thread: to be touched by `ask` of the view only.
  rendering::ShellScene& scene() { return *scene_; }
  /// Answered on that thread, after all that was changed before.
  template <class Question>
  auto ask(Question question) {
    return render_->ask([&] { return question(*scene_); });
  }
  rendering::SurfaceMaker& surfaces() { return *maker_; }
  rendering::RenderWidget& renderWidget() { return *render_; }
  /// A mode chosen by hand stays; until then a first prediction brings "both".
  void setMode(rendering::SceneMode mode);
  void chooseMode(rendering::SceneMode mode);
  rendering::SceneMode mode() const { return static_cast<rendering::SceneMode>(mode_->currentIndex()); }
  rendering::CameraPreset preset() const {
    return static_cast<rendering::CameraPreset>(camera_->currentIndex());
  }
  void look(rendering::CameraPreset from);
  void setPose(const rendering::CameraPose& pose);
  /// How deep, 0 to 100; nothing is cut away without one.
  std::optional<int> cut() const;
  void setCut(std::optional<int> depth);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* makeBar();
  void addCut(QLayout& row);
  void addCamera(QBoxLayout& row);
  QWidget* makeStage();
  void edit(std::function<void(rendering::ShellScene&)> change);
  void selectAt(double x, double y);
  void showMoving();
  void showMissing();
  QString missing() const;

  models::CaseModel& case_;
  std::unique_ptr<rendering::RenderWidget> unused_;  // where there is no OpenGL for it
  rendering::RenderWidget* render_;
  std::unique_ptr<rendering::ShellScene> scene_;
  std::unique_ptr<rendering::SurfaceMaker> maker_;
  QComboBox* mode_ = nullptr;
  QComboBox* camera_ = nullptr;
  QToolButton* cut_ = nullptr;
  QSlider* cut_place_ = nullptr;
  QToolButton* turn_ = nullptr;
  QTimer turning_;
  QString broke_off_;
  bool dragging_ = false;
  bool mode_chosen_ = false;
};

}  // namespace rind::workbench
