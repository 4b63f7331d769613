#include "rind/workbench/scene_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStackedLayout>
#include <QVBoxLayout>

#include "rind/workbench/layer_bar.h"

namespace rind::workbench {
namespace {

constexpr int kTurnMilliseconds = 50;
constexpr double kTurnDegrees = 3;
constexpr int kRoomForCamera = 260;  // pixels

}  // namespace

SceneView::SceneView(models::CaseModel& shown, QWidget* parent)
    : QWidget(parent), case_(shown), render_(new rendering::RenderWidget) {
  render_->setObjectName("view3d");
  render_->setAccessibleName(tr("3D view"));
  scene_ = std::make_unique<rendering::ShellScene>(render_->renderWindow());
  maker_ = std::make_unique<rendering::SurfaceMaker>(case_, *render_, *scene_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(makeBar());
  column->addWidget(makeStage(), 1);
  connect(render_, &rendering::RenderWidget::moving, this, [this](bool moving) {
    dragging_ = moving;
    showMoving();
  });
  connect(render_, &rendering::RenderWidget::clicked, this, &SceneView::selectAt);
  connect(render_, &rendering::RenderWidget::brokeOff, this, [this](const QString& why) {
    broke_off_ = tr("The 3D view could not show this: %1").arg(why);
    showMissing();
  });
  connect(maker_.get(), &rendering::SurfaceMaker::made, this, &SceneView::showMissing);
  connect(&case_, &models::CaseModel::changed, this, [this](models::Changes what) {
    if ((what & models::Change::prediction) && case_.prediction() && !mode_chosen_)
      setMode(rendering::SceneMode::both);
    if (what & models::Change::data) broke_off_.clear();
    if (what & (models::Change::data | models::Change::prediction | models::Change::heat)) showMissing();
  });
  turning_.setInterval(kTurnMilliseconds);
  connect(&turning_, &QTimer::timeout, this, [this] {
    if (render_->isCurrent()) edit([](auto& scene) { scene.turn(kTurnDegrees); });
  });
}

SceneView::~SceneView() {
  render_->stop();
}

void SceneView::edit(std::function<void(rendering::ShellScene&)> change) {
  render_->edit([this, change = std::move(change)] { change(*scene_); });
}

void SceneView::showMoving() {
  edit([moving = dragging_ || turn_->isChecked()](auto& scene) { scene.setMoving(moving); });
}

void SceneView::showMissing() {
  render_->setEmptyText(broke_off_.isEmpty() ? missing() : broke_off_);
}

// Why the mode has nothing to show; empty where it has, or where no case is open.
QString SceneView::missing() const {
  using rendering::SceneMode;
  if (case_.empty()) return {};
  if (mode() == SceneMode::gradient && !case_.heat())
    return tr("The gradient is being asked for; if it does not come, \"Where the loss looks\" says why.");
  if (mode() != SceneMode::prediction && mode() != SceneMode::distance) return {};
  if (!case_.prediction())
    return tr(
        "There is no prediction of this case: start a training, or choose the case that a run previews.");
  return maker_->predictsNothing() ? tr("This prediction holds no organ: choose another epoch.") : QString();
}

// What lies there is looked for on the view's thread, behind what it has to draw.
void SceneView::selectAt(double x, double y) {
  edit([this, x, y](auto& scene) {
    QMetaObject::invokeMethod(
        this,
        [this, label = scene.labelAt(x, y)] {
          if (!case_.empty()) case_.select(label);
        },
        Qt::QueuedConnection);
  });
}

QWidget* SceneView::makeBar() {
  auto* bar = new QWidget;
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(0, 0, 0, 2);
  row->setSpacing(4);
  mode_ = new QComboBox;
  mode_->setObjectName("sceneMode");
  mode_->setAccessibleName(tr("What the 3D view shows"));
  mode_->addItems({tr("Band shells"), tr("Prediction"), tr("Both"), tr("Distance"), tr("Gradient")});
  mode_->setToolTip(tr(
      "What the 3D view shows. <b>Band shells</b>: the organ's surface, translucent, and what the band "
      "leaves inside, solid. <b>Both</b>: the prediction in the translucent reference. <b>Distance</b>: the "
      "prediction coloured by its signed distance to the reference in millimetres. <b>Gradient</b>: the "
      "reference coloured by the size of the loss's gradient."));
  mode_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  connect(mode_, &QComboBox::activated, this,
          [this](int index) { chooseMode(static_cast<rendering::SceneMode>(index)); });
  row->addWidget(mode_, 3);
  addCut(*row);
  addCamera(*row);
  return bar;
}

// On a small screen what is shown matters more than from where; alone, by a double click, the view has both.
void SceneView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  camera_->setVisible(width() >= kRoomForCamera);
}

void SceneView::addCut(QLayout& row) {
  cut_ = makeToggle(tr("Cut"), "cut", tr("Cuts away what lies in front, to look inside"));
  cut_place_ = new QSlider(Qt::Horizontal);
  cut_place_->setObjectName("cutPlace");
  cut_place_->setAccessibleName(tr("Depth of the cut"));
  cut_place_->setToolTip(tr("How deep the cut goes"));
  cut_place_->setRange(0, 100);
  cut_place_->setValue(50);
  cut_place_->setFixedWidth(56);
  cut_place_->hide();
  row.addWidget(cut_);
  row.addWidget(cut_place_);
  const auto cut = [this] {
    cut_place_->setVisible(cut_->isChecked());
    edit([clipped = cut_->isChecked(), depth = cut_place_->value() / 100.0](auto& scene) {
      scene.setClipped(clipped, depth);
    });
  };
  connect(cut_, &QToolButton::toggled, this, cut);
  connect(cut_place_, &QSlider::valueChanged, this, cut);
}

void SceneView::addCamera(QBoxLayout& row) {
  camera_ = new QComboBox;
  camera_->setObjectName("cameraPreset");
  camera_->setAccessibleName(tr("From where the 3D view looks"));
  camera_->addItems(
      {tr("anterior"), tr("posterior"), tr("left"), tr("right"), tr("superior"), tr("inferior")});
  camera_->setToolTip(tr("From where the 3D view looks"));
  camera_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  turn_ = makeToggle(QStringLiteral("⟳"), "turntable", tr("Turns the organs round and round"));
  turn_->setAccessibleName(tr("Turntable"));
  row.addWidget(camera_, 2);
  row.addWidget(turn_);
  connect(camera_, &QComboBox::activated, this,
          [this](int index) { look(static_cast<rendering::CameraPreset>(index)); });
  connect(turn_, &QToolButton::toggled, this, [this](bool on) {
    on ? turning_.start() : turning_.stop();
    showMoving();
  });
}

// The 3D view, or why there is none: the rest of the window goes on without.
QWidget* SceneView::makeStage() {
  auto* stage = new QWidget;
  auto* stack = new QStackedLayout(stage);
  auto* sorry = new QLabel;
  sorry->setObjectName("no3d");
  sorry->setAlignment(Qt::AlignCenter);
  sorry->setWordWrap(true);
  const auto say = [stack, sorry](const QString& why) {
    sorry->setText(why + ' ' + QObject::tr("The slices and all else work without it."));
    stack->setCurrentWidget(sorry);
  };
  stack->addWidget(sorry);
  if (rendering::RenderWidget::isPossible()) {
    stack->insertWidget(0, render_);
    stack->setCurrentWidget(render_);
    connect(render_, &rendering::RenderWidget::unavailable, stage, say);
  } else {
    unused_.reset(render_);
    say(tr("This display offers no OpenGL; the 3D view needs 3.2."));
  }
  return stage;
}

void SceneView::look(rendering::CameraPreset from) {
  camera_->setCurrentIndex(static_cast<int>(from));
  edit([from](auto& scene) { scene.look(from); });
}

void SceneView::setPose(const rendering::CameraPose& pose) {
  edit([pose](auto& scene) { scene.setPose(pose); });
}

std::optional<int> SceneView::cut() const {
  return cut_->isChecked() ? std::optional(cut_place_->value()) : std::nullopt;
}

void SceneView::setCut(std::optional<int> depth) {
  if (depth) cut_place_->setValue(*depth);
  cut_->setChecked(depth.has_value());
}

void SceneView::chooseMode(rendering::SceneMode mode) {
  mode_chosen_ = true;
  setMode(mode);
}

void SceneView::setMode(rendering::SceneMode mode) {
  mode_->setCurrentIndex(static_cast<int>(mode));
  maker_->setMode(mode);
  case_.setHeatInScene(mode == rendering::SceneMode::gradient);
  showMissing();
}

}  // namespace rind::workbench
