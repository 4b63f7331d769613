#include "rind/workbench/view_grid.h"

#include <QVBoxLayout>

#include "rind/workbench/layer_bar.h"

namespace rind::workbench {

ViewGrid::ViewGrid(models::CaseModel& shown, QWidget* parent)
    : QWidget(parent), grid_(new QGridLayout), scene_(new SceneView(shown)) {
  setObjectName("viewGrid");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  column->addWidget(new LayerBar(shown));
  constexpr std::array planes = {models::Plane::axial, models::Plane::coronal, models::Plane::sagittal};
  for (std::size_t i = 0; i < planes.size(); ++i) {
    slices_[i] = new panels::SliceView(shown, planes[i]);
    cells_[i] = slices_[i];
    connect(slices_[i], &panels::SliceView::maximiseRequested, this,
            [this, i] { maximise(maximised_ == static_cast<int>(i) ? -1 : static_cast<int>(i)); });
  }
  cells_[k3d] = scene_;
  connect(&scene_->renderWidget(), &rendering::RenderWidget::maximiseRequested, this,
          [this] { maximise(maximised_ == k3d ? -1 : static_cast<int>(k3d)); });
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(2);
  for (int i = 0; i < kViews; ++i) grid_->addWidget(cells_[static_cast<std::size_t>(i)], i / 2, i % 2);
  for (int i = 0; i < 2; ++i) {
    grid_->setRowStretch(i, 1);
    grid_->setColumnStretch(i, 1);
  }
  column->addLayout(grid_, 1);
}

void ViewGrid::setEmptyText(const QString& text) {
  for (auto* slice : slices_) slice->setEmptyText(slice == slices_[0] ? text : QString());
}

void ViewGrid::maximise(int view) {
  maximised_ = view;
  for (int i = 0; i < kViews; ++i) cells_[static_cast<std::size_t>(i)]->setVisible(view < 0 || view == i);
  for (int i = 0; i < 2; ++i) {
    grid_->setRowStretch(i, view < 0 || view / 2 == i ? 1 : 0);
    grid_->setColumnStretch(i, view < 0 || view % 2 == i ? 1 : 0);
  }
}

}  // namespace rind::workbench
