#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <QWidget>
#include <array>
#include <memory>

#include "rind/models/case_model.h"
#include "rind/panels/slice_view.h"
#include "rind/rendering/render_widget.h"
#include "rind/rendering/surface_maker.h"

namespace rind::workbench {

/// The linked views of the case (axial, coronal, sagittal, 3D; any one maximised by a double click) under the
/// bar that says what is laid over the image.
class ViewGrid : public QWidget {
  Q_OBJECT

 public:
  explicit ViewGrid(models::CaseModel& shown, QWidget* parent = nullptr);

  enum View { kAxial, kCoronal, kSagittal, k3d, kViews };
  /// Shows one view alone, or all four again.
  void maximise(int view);
  int maximised() const { return maximised_; }
  QWidget* view(int index) { return cells_.at(static_cast<std::size_t>(index)); }
  rendering::ShellScene* scene() { return scene_.get(); }
  rendering::SurfaceMaker* surfaces() { return maker_.get(); }
  rendering::RenderWidget* renderWidget() { return render_; }
  panels::SliceView* slice(int index) { return slices_.at(static_cast<std::size_t>(index)); }
  void setEmptyText(const QString& text);
  void setMode(rendering::SceneMode mode);

 private:
  QWidget* makeBar();
  QWidget* make3d();
  QWidget* make3dBar();
  void layersChanged();
  void showLayers();

  models::CaseModel& case_;
  QGridLayout* grid_;
  std::array<panels::SliceView*, 3> slices_{};
  std::array<QWidget*, kViews> cells_{};
  rendering::RenderWidget* render_ = nullptr;
  std::unique_ptr<rendering::ShellScene> scene_;
  std::unique_ptr<rendering::SurfaceMaker> maker_;
  QToolButton* reference_ = nullptr;
  QToolButton* band_ = nullptr;
  QToolButton* prediction_ = nullptr;
  QToolButton* error_ = nullptr;
  QSlider* opacity_ = nullptr;
  QComboBox* mode_ = nullptr;
  QToolButton* clip_ = nullptr;
  QLabel* legend_ = nullptr;
  bool mode_chosen_ = false;
  int maximised_ = -1;
};

}  // namespace rind::workbench
