#include "rind/workbench/view_grid.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace rind::workbench {
namespace {

QToolButton* makeToggle(const QString& text, const QString& name, const QString& tip, bool on) {
  auto* button = new QToolButton;
  button->setText(text);
  button->setObjectName(name);
  button->setAccessibleName(text);
  button->setToolTip(tip);
  button->setCheckable(true);
  button->setChecked(on);
  button->setProperty("role", "toggle");
  return button;
}

}  // namespace

ViewGrid::ViewGrid(models::CaseModel& shown, QWidget* parent)
    : QWidget(parent), case_(shown), grid_(new QGridLayout) {
  setObjectName("viewGrid");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  column->addWidget(makeBar());
  constexpr std::array planes = {models::Plane::axial, models::Plane::coronal, models::Plane::sagittal};
  for (std::size_t i = 0; i < planes.size(); ++i) {
    slices_[i] = new panels::SliceView(shown, planes[i]);
    cells_[i] = slices_[i];
    connect(slices_[i], &panels::SliceView::maximiseRequested, this,
            [this, i] { maximise(maximised_ == static_cast<int>(i) ? -1 : static_cast<int>(i)); });
  }
  cells_[k3d] = make3d();
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(2);
  for (int i = 0; i < kViews; ++i) grid_->addWidget(cells_[static_cast<std::size_t>(i)], i / 2, i % 2);
  for (int i = 0; i < 2; ++i) {
    grid_->setRowStretch(i, 1);
    grid_->setColumnStretch(i, 1);
  }
  column->addLayout(grid_, 1);
  connect(&shown, &models::CaseModel::changed, this, [this](models::Changes what) {
    if (what & models::Change::display) showLayers();
    if ((what & models::Change::prediction) && case_.prediction() && !mode_chosen_)
      setMode(rendering::SceneMode::both);
  });
}

QWidget* ViewGrid::makeBar() {
  auto* bar = new QWidget;
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(2, 0, 2, 0);
  row->setSpacing(4);
  const auto& layers = case_.layers();
  reference_ = makeToggle(tr("Reference"), "layerReference", tr("The labels of the data set (key 1)"),
                          layers.reference);
  band_ = makeToggle(tr("Band"), "layerBand", tr("The contour band at the settings on the left (key 2)"),
                     layers.band);
  prediction_ = makeToggle(tr("Prediction"), "layerPrediction",
                           tr("Outline of the last epoch's prediction (key 3)"), layers.prediction);
  error_ = makeToggle(
      tr("Error"), "layerError",
      tr("Where prediction and reference differ (key 4): <b>blue</b> missed, <b>orange</b> invented, "
         "<b>pink</b> taken for another organ"),
      layers.error);
  const char* keys[] = {"1", "2", "3", "4"};
  int turn = 0;
  for (auto* button : {reference_, band_, prediction_, error_}) {
    button->setShortcut(QKeySequence(keys[turn++]));
    row->addWidget(button);
    connect(button, &QToolButton::toggled, this, &ViewGrid::layersChanged);
  }
  opacity_ = new QSlider(Qt::Horizontal);
  opacity_->setObjectName("layerOpacity");
  opacity_->setAccessibleName(tr("Opacity of the layers"));
  opacity_->setToolTip(tr("Opacity of the layers"));
  opacity_->setRange(0, 100);
  opacity_->setValue(static_cast<int>(layers.opacity * 100));
  opacity_->setFixedWidth(70);
  connect(opacity_, &QSlider::valueChanged, this, &ViewGrid::layersChanged);
  row->addWidget(opacity_);
  legend_ = new QLabel(
      tr("<span style='color:#56B4E9'>■</span> missed  <span style='color:#E69F00'>■</span> invented  "
         "<span style='color:#CC79A7'>■</span> confused"));
  legend_->setProperty("role", "quiet");
  legend_->hide();
  row->addWidget(legend_);
  row->addStretch(1);

  return bar;
}

// What the 3D view shows and from where; a strip above it.
QWidget* ViewGrid::make3dBar() {
  auto* bar = new QWidget;
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(0, 0, 0, 2);
  row->setSpacing(4);
  mode_ = new QComboBox;
  mode_->setObjectName("sceneMode");
  mode_->setAccessibleName(tr("What the 3D view shows"));
  mode_->addItems({tr("Band shells"), tr("Prediction"), tr("Both")});
  mode_->setToolTip(
      tr("What the 3D view shows. <b>Band shells</b>: the organ's surface, translucent, and what the band "
         "leaves inside, solid. <b>Both</b>: the prediction in the translucent reference."));
  connect(mode_, &QComboBox::activated, this, [this](int index) {
    mode_chosen_ = true;
    setMode(static_cast<rendering::SceneMode>(index));
  });
  mode_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  row->addWidget(mode_, 3);
  clip_ = makeToggle(tr("Cut"), "clip", tr("Cuts the front half away to look inside"), false);
  row->addWidget(clip_);
  auto* camera = new QComboBox;
  camera->setObjectName("cameraPreset");
  camera->setAccessibleName(tr("From where the 3D view looks"));
  camera->addItems(
      {tr("anterior"), tr("posterior"), tr("left"), tr("right"), tr("superior"), tr("inferior")});
  camera->setToolTip(tr("From where the 3D view looks"));
  camera->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  row->addWidget(camera, 2);
  connect(clip_, &QToolButton::toggled, this, [this](bool on) {
    scene_->setClipped(on);
    render_->update();
  });
  connect(camera, &QComboBox::activated, this, [this](int index) {
    scene_->look(static_cast<rendering::CameraPreset>(index));
    render_->update();
  });
  return bar;
}

QWidget* ViewGrid::make3d() {
  render_ = new rendering::RenderWidget;
  render_->setObjectName("view3d");
  render_->setAccessibleName(tr("3D view"));
  scene_ = std::make_unique<rendering::ShellScene>(render_->renderWindow());
  maker_ = std::make_unique<rendering::SurfaceMaker>(case_, *scene_);
  auto* cell = new QWidget;
  auto* column = new QVBoxLayout(cell);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(make3dBar());
  auto* stack = new QStackedLayout;
  column->addLayout(stack, 1);
  auto* sorry = new QLabel;
  sorry->setAlignment(Qt::AlignCenter);
  sorry->setWordWrap(true);
  stack->addWidget(render_);
  stack->addWidget(sorry);
  connect(maker_.get(), &rendering::SurfaceMaker::updated, render_, qOverload<>(&QWidget::update));
  connect(render_, &rendering::RenderWidget::unavailable, cell, [stack, sorry](const QString& why) {
    sorry->setText(why);
    stack->setCurrentWidget(sorry);
  });
  connect(render_, &rendering::RenderWidget::moving, this,
          [this](bool moving) { scene_->setMoving(moving); });
  connect(render_, &rendering::RenderWidget::clicked, this, [this](double x, double y) {
    if (!case_.empty()) case_.select(scene_->labelAt(x, y));
  });
  return cell;
}

void ViewGrid::layersChanged() {
  models::Layers layers;
  layers.reference = reference_->isChecked();
  layers.band = band_->isChecked();
  layers.prediction = prediction_->isChecked();
  layers.error = error_->isChecked();
  layers.opacity = opacity_->value() / 100.0;
  case_.setLayers(layers);
}

void ViewGrid::showLayers() {
  const auto& layers = case_.layers();
  const QSignalBlocker quiet[] = {QSignalBlocker(reference_), QSignalBlocker(band_),
                                  QSignalBlocker(prediction_), QSignalBlocker(error_),
                                  QSignalBlocker(opacity_)};
  reference_->setChecked(layers.reference);
  band_->setChecked(layers.band);
  prediction_->setChecked(layers.prediction);
  error_->setChecked(layers.error);
  opacity_->setValue(static_cast<int>(layers.opacity * 100));
  legend_->setVisible(layers.error);
}

void ViewGrid::setMode(rendering::SceneMode mode) {
  mode_->setCurrentIndex(static_cast<int>(mode));
  scene_->setMode(mode);
  render_->update();
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
