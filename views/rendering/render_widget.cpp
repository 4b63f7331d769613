#include "rind/rendering/render_widget.h"

#include <vtkCallbackCommand.h>
#include <vtkCommand.h>
#include <vtkInteractorStyleTrackballCamera.h>
#include <vtkOpenGLState.h>

#include <QMouseEvent>
#include <QOpenGLContext>
#include <QOpenGLExtraFunctions>
#include <QSurfaceFormat>
#include <QWheelEvent>

namespace rind::rendering {

RenderWidget::RenderWidget(QWidget* parent) : QOpenGLWidget(parent) {
  window_->SetOwnContext(0);
  window_->SetFrameBlitModeToNoBlit();
  window_->SetReadyForRendering(false);
  interactor_->SetRenderWindow(window_);
  vtkNew<vtkInteractorStyleTrackballCamera> style;
  interactor_->SetInteractorStyle(style);
  // Qt decides when to paint.
  interactor_->EnableRenderOff();
  setMinimumSize(80, 60);
  setMouseTracking(false);
}

bool RenderWidget::isPossible() {
  return QOpenGLContext().create();
}

void RenderWidget::askForOpenGl() {
  QSurfaceFormat format;
  format.setVersion(3, 2);
  format.setProfile(QSurfaceFormat::CoreProfile);
  format.setDepthBufferSize(24);
  format.setAlphaBufferSize(8);
  QSurfaceFormat::setDefaultFormat(format);
}

RenderWidget::~RenderWidget() {
  if (context() == nullptr) return;
  makeCurrent();
  window_->Finalize();
  doneCurrent();
}

void RenderWidget::initializeGL() {
  const auto version = context()->format().version();
  if (version < qMakePair(3, 2)) {
    Q_EMIT unavailable(tr("This computer offers OpenGL %1.%2; the 3D view needs 3.2.")
                           .arg(version.first)
                           .arg(version.second));
    return;
  }
  const auto observe = [this](unsigned long event,
                              void (*callback)(vtkObject*, unsigned long, void*, void*)) {
    vtkNew<vtkCallbackCommand> command;
    command->SetClientData(this);
    command->SetCallback(callback);
    window_->AddObserver(event, command);
  };
  // QOpenGLWidget::makeCurrent also binds Qt's frame buffer: in the middle of a picture VTK would go on
  // drawing into that one.
  observe(vtkCommand::WindowMakeCurrentEvent, [](vtkObject*, unsigned long, void* self, void*) {
    auto* widget = static_cast<RenderWidget*>(self);
    if (QOpenGLContext::currentContext() != widget->context()) widget->makeCurrent();
  });
  observe(vtkCommand::WindowIsCurrentEvent, [](vtkObject*, unsigned long, void* self, void* answer) {
    auto* widget = static_cast<RenderWidget*>(self);
    *static_cast<bool*>(answer) = QOpenGLContext::currentContext() == widget->context();
  });
  for (const auto event : {vtkCommand::WindowSupportsOpenGLEvent, vtkCommand::WindowIsDirectEvent})
    observe(event, [](vtkObject*, unsigned long, void*, void* answer) { *static_cast<int*>(answer) = 1; });
  bool failed = false;
  vtkNew<vtkCallbackCommand> listen;
  listen->SetClientData(&failed);
  listen->SetCallback(
      [](vtkObject*, unsigned long, void* heard, void*) { *static_cast<bool*>(heard) = true; });
  const unsigned long listener = window_->AddObserver(vtkCommand::ErrorEvent, listen);
  window_->SetReadyForRendering(true);
  window_->InitializeFromCurrentContext();
  window_->RemoveObserver(listener);
  if (failed) {
    window_->SetReadyForRendering(false);
    Q_EMIT unavailable(tr("The 3D view cannot use the OpenGL that this display offers."));
    return;
  }
  window_->SetForceMaximumHardwareLineWidth(1);
  interactor_->Initialize();
  working_ = true;
}

void RenderWidget::resizeGL(int, int) {
  fitWindow();
}

void RenderWidget::fitWindow() {
  const double ratio = devicePixelRatioF();
  const int wide = static_cast<int>(width() * ratio + 0.5);
  const int high = static_cast<int>(height() * ratio + 0.5);
  window_->SetSize(wide, high);
  interactor_->UpdateSize(wide, high);
}

void RenderWidget::paintGL() {
  if (!working_) return;
  auto* state = window_->GetState();
  // Qt has used the context since; VTK must not trust what it remembers.
  state->Reset();
  state->Push();
  state->vtkglDepthFunc(GL_LEQUAL);
  window_->Render();
  state->Pop();

  auto* gl = QOpenGLContext::currentContext()->extraFunctions();
  const int* size = window_->GetSize();
  state->Reset();
  state->Push();
  gl->glBindFramebuffer(GL_DRAW_FRAMEBUFFER, defaultFramebufferObject());
  state->vtkglDisable(GL_SCISSOR_TEST);
  window_->BlitDisplayFramebuffer(0, 0, 0, size[0], size[1], 0, 0, size[0], size[1], GL_COLOR_BUFFER_BIT,
                                  GL_NEAREST);
  gl->glBindFramebuffer(GL_FRAMEBUFFER, defaultFramebufferObject());
  state->Pop();
  Q_EMIT painted();
}

void RenderWidget::place(const QPointF& position, Qt::KeyboardModifiers keys) {
  const double ratio = devicePixelRatioF();
  interactor_->SetEventInformationFlipY(static_cast<int>(position.x() * ratio),
                                        static_cast<int>(position.y() * ratio),
                                        keys.testFlag(Qt::ControlModifier), keys.testFlag(Qt::ShiftModifier));
}

void RenderWidget::mousePressEvent(QMouseEvent* event) {
  pressed_ = event->pos();
  dragged_ = false;
  place(event->position(), event->modifiers());
  if (event->button() == Qt::LeftButton) interactor_->LeftButtonPressEvent();
  if (event->button() == Qt::RightButton) interactor_->RightButtonPressEvent();
  if (event->button() == Qt::MiddleButton) interactor_->MiddleButtonPressEvent();
}

void RenderWidget::mouseReleaseEvent(QMouseEvent* event) {
  place(event->position(), event->modifiers());
  if (event->button() == Qt::LeftButton) interactor_->LeftButtonReleaseEvent();
  if (event->button() == Qt::RightButton) interactor_->RightButtonReleaseEvent();
  if (event->button() == Qt::MiddleButton) interactor_->MiddleButtonReleaseEvent();
  if (dragged_) Q_EMIT moving(false);
  const int* at = interactor_->GetEventPosition();
  if (!dragged_ && event->button() == Qt::LeftButton) Q_EMIT clicked(at[0], at[1]);
  update();
}

void RenderWidget::mouseMoveEvent(QMouseEvent* event) {
  if (!dragged_ && (event->pos() - pressed_).manhattanLength() < 3) return;
  if (!dragged_) Q_EMIT moving(true);
  dragged_ = true;
  place(event->position(), event->modifiers());
  interactor_->MouseMoveEvent();
  update();
}

void RenderWidget::mouseDoubleClickEvent(QMouseEvent*) {
  Q_EMIT maximiseRequested();
}

void RenderWidget::wheelEvent(QWheelEvent* event) {
  place(event->position(), event->modifiers());
  if (event->angleDelta().y() > 0)
    interactor_->MouseWheelForwardEvent();
  else
    interactor_->MouseWheelBackwardEvent();
  event->accept();
  update();
}

}  // namespace rind::rendering
