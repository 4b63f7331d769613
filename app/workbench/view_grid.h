#pragma once

#include <QGridLayout>
#include <QWidget>
#include <array>

#include "rind/models/case_model.h"
#include "rind/panels/slice_view.h"
#include "rind/workbench/scene_view.h"

namespace rind::workbench {

/// The linked views of the case (axial, coronal, sagittal, 3D; any one maximised by a double click) under the
/// bar that says what is laid over the image.
class ViewGrid : public QWidget {
  Q_OBJECT

 public:
  explicit ViewGrid(models::CaseModel& shown, QWidget* parent = nullptr);

  enum View { kAxial, kCoronal, kSagittal, k3d, kViews };
  /// Shows one view alone, or all four again (a negative number).
  void maximise(int view);
  int maximised() const { return maximised_; }
  QWidget* view(int index) { return cells_.at(static_cast<std::size_t>(index)); }
  rendering::SurfaceMaker* surfaces() { return &scene_->surfaces(); }
  rendering::RenderWidget* renderWidget() { return &scene_->renderWidget(); }
  panels::SliceView* slice(int index) { return slices_.at(static_cast<std::size_t>(index)); }
  void setEmptyText(const QString& text);
  SceneView& sceneView() { return *scene_; }

 private:
  QGridLayout* grid_;
  std::array<panels::SliceView*, 3> slices_{};
  std::array<QWidget*, kViews> cells_{};
  SceneView* scene_;
  int maximised_ = -1;
};

}  // namespace rind::workbench
