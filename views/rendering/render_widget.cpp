#include "rind/rendering/render_widget.h"

#include <vtkCallbackCommand.h>
#include <vtkCommand.h>
#include <vtkInteractorStyleTrackballCamera.h>
#include <vtkUnsignedCharArray.h>

#include <QPainter>
#include <QSurfaceFormat>

#include "rind/rendering/ground.h"

namespace rind::rendering {
namespace {

const QColor kQuiet(0x8A, 0x94, 0xA0);

}  // namespace

RenderWidget::RenderWidget(QWidget* parent)
    : QWidget(parent), thread_([this](const QString& why) {
        QMetaObject::invokeMethod(
            this, [this, why] { Q_EMIT brokeOff(why); }, Qt::QueuedConnection);
      }) {
  window_->SetOwnContext(0);
  window_->SetFrameBlitModeToNoBlit();
  window_->SetReadyForRendering(false);
  interactor_->SetRenderWindow(window_);
  vtkNew<vtkInteractorStyleTrackballCamera> style;
  interactor_->SetInteractorStyle(style);
  // Frames are asked for.
  interactor_->EnableRenderOff();
  setAttribute(Qt::WA_OpaquePaintEvent);
  setMinimumSize(80, 60);
  setMouseTracking(false);
}

RenderWidget::~RenderWidget() {
  stop();
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

void RenderWidget::showEvent(QShowEvent*) {
  // First the window, then what takes time.
  QMetaObject::invokeMethod(this, &RenderWidget::start, Qt::QueuedConnection);
}

void RenderWidget::start() {
  if (thread_.isStarted()) return;
  if (!thread_.start()) {
    Q_EMIT unavailable(tr("This display offers no OpenGL; the 3D view needs 3.2."));
    return;
  }
  thread_.later([this, size = pixels()] {
    const QString problem = initialise();
    if (problem.isEmpty()) {
      fitWindow(size);
      working_ = true;
    } else {
      QMetaObject::invokeMethod(
          this, [this, problem] { Q_EMIT unavailable(problem); }, Qt::QueuedConnection);
    }
  });
  wantFrame();
}

// Why it cannot work; empty where it can.
QString RenderWidget::initialise() {
  const auto version = QOpenGLContext::currentContext()->format().version();
  if (version < qMakePair(3, 2))
    return tr("This computer offers OpenGL %1.%2; the 3D view needs 3.2.")
        .arg(version.first)
        .arg(version.second);
  // The thread has made the context current and keeps it so.
  for (const auto event : {vtkCommand::WindowSupportsOpenGLEvent, vtkCommand::WindowIsDirectEvent}) {
    vtkNew<vtkCallbackCommand> command;
    command->SetCallback(
        [](vtkObject*, unsigned long, void*, void* answer) { *static_cast<int*>(answer) = 1; });
    window_->AddObserver(event, command);
  }
  vtkNew<vtkCallbackCommand> is_current;
  is_current->SetCallback(
      [](vtkObject*, unsigned long, void*, void* answer) { *static_cast<bool*>(answer) = true; });
  window_->AddObserver(vtkCommand::WindowIsCurrentEvent, is_current);
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
    return tr("The 3D view cannot use the OpenGL that this display offers.");
  }
  window_->SetForceMaximumHardwareLineWidth(1);
  interactor_->Initialize();
  return {};
}

bool RenderWidget::isWorking() {
  start();
  if (!thread_.isStarted()) return false;
  return ask([this] { return working_.load(); });
}

void RenderWidget::stop() {
  thread_.stop([this] { window_->Finalize(); });
}

long RenderWidget::edit(std::function<void()> change) {
  ++edits_;
  thread_.later([this, change = std::move(change)] {
    ++done_edits_;  // what breaks off is done with, too
    change();
  });
  wantFrame();
  return edits_;
}

void RenderWidget::wantFrame() {
  if (thread_.isStarted() && !frame_wanted_.exchange(true)) thread_.later([this] { draw(); });
}

void RenderWidget::draw() {
  frame_wanted_ = false;
  QImage image;
  if (working_) {
    window_->Render();
    image = read();
  }
  QMetaObject::invokeMethod(
      this,
      [this, image, edits = done_edits_] {
        image_ = image;
        shown_edits_ = edits;
        if (edits < edits_) wantFrame();  // those that came while this frame stood before them in the queue
        update();
      },
      Qt::QueuedConnection);
}

// VTK's rows run upwards.
QImage RenderWidget::read() {
  const int* size = window_->GetSize();
  vtkNew<vtkUnsignedCharArray> bytes;
  window_->GetRGBACharPixelData(0, 0, size[0] - 1, size[1] - 1, 0, bytes);
  const QImage drawn(bytes->GetPointer(0), size[0], size[1], 4 * size[0], QImage::Format_RGBX8888);
  return drawn.mirrored().convertToFormat(QImage::Format_RGB32);
}

QSize RenderWidget::pixels() const {
  return (QSizeF(size()) * devicePixelRatioF()).toSize();
}

void RenderWidget::fitWindow(const QSize& pixels) {
  window_->SetSize(pixels.width(), pixels.height());
  interactor_->UpdateSize(pixels.width(), pixels.height());
}

void RenderWidget::resizeEvent(QResizeEvent*) {
  if (thread_.isStarted()) edit([this, size = pixels()] { fitWindow(size); });
}

void RenderWidget::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  if (image_.isNull())
    painter.fillRect(rect(), QColor(kGround[0], kGround[1], kGround[2]));
  else
    painter.drawImage(rect(), image_);
  painter.setPen(kQuiet);
  painter.drawText(rect().adjusted(20, 20, -20, -20), Qt::AlignCenter | Qt::TextWordWrap, empty_text_);
  Q_EMIT painted();
}

void RenderWidget::setEmptyText(const QString& text) {
  if (text == empty_text_) return;
  empty_text_ = text;
  setAccessibleDescription(text);
  update();
}

}  // namespace rind::rendering
