#include "rind/rendering/scene_picture.h"

#include <vtkCamera.h>
#include <vtkImageData.h>
#include <vtkOpenGLRenderWindow.h>
#include <vtkRenderWindowInteractor.h>
#include <vtkWindowToImageFilter.h>

#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <algorithm>

#include "rind/core/error.h"

namespace rind::rendering {
namespace {

constexpr int kPlainDpi = 72;

int longestSide() {
  auto* gl = QOpenGLContext::currentContext()->functions();
  GLint texture = 0;
  GLint buffer = 0;
  GLint viewport[2] = {0, 0};
  gl->glGetIntegerv(GL_MAX_TEXTURE_SIZE, &texture);
  gl->glGetIntegerv(GL_MAX_RENDERBUFFER_SIZE, &buffer);
  gl->glGetIntegerv(GL_MAX_VIEWPORT_DIMS, viewport);
  return std::min({texture, buffer, viewport[0], viewport[1]});
}

/// The widget's window set up for a picture, and as it was again afterwards.
class Stage {
 public:
  Stage(RenderWidget& widget, ShellScene& scene, const ScenePicture& picture)
      : widget_(widget), scene_(scene) {
    scene_.setStill(true);
    scene_.setBackgroundVisible(!picture.transparent);
    auto* camera = scene_.renderer()->GetActiveCamera();
    camera->SetUseHorizontalViewAngle(picture.pixels.width() < picture.pixels.height());
    const int longest = std::min(longestSide(), picture.longest_tile);
    const int side = std::max(picture.pixels.width(), picture.pixels.height());
    tiles_ = std::max(1, (side + longest - 1) / std::max(1, longest));
    widget_.renderWindow()->SetDPI(static_cast<int>(kPlainDpi * picture.scale));
    widget_.renderWindow()->GetInteractor()->EnableRenderOn();
    widget_.renderWindow()->SetSize((picture.pixels.width() + tiles_ - 1) / tiles_,
                                    (picture.pixels.height() + tiles_ - 1) / tiles_);
  }
  ~Stage() {
    scene_.setStill(false);
    scene_.setBackgroundVisible(true);
    scene_.renderer()->GetActiveCamera()->SetUseHorizontalViewAngle(0);
    widget_.renderWindow()->SetDPI(kPlainDpi);
    widget_.renderWindow()->GetInteractor()->EnableRenderOff();
    widget_.fitWindow(widget_.pixels());
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  /// A side of the picture is so many tiles.
  int tiles() const { return tiles_; }

 private:
  RenderWidget& widget_;
  ShellScene& scene_;
  int tiles_ = 1;
};

// VTK's rows run upwards, and tiles may leave a row or column over.
QImage toImage(vtkImageData& drawn, const QSize& pixels) {
  const int* size = drawn.GetDimensions();
  const QImage whole(static_cast<const uchar*>(drawn.GetScalarPointer()), size[0], size[1], 4 * size[0],
                     QImage::Format_RGBA8888_Premultiplied);
  return whole.mirrored().copy(QRect(QPoint(), pixels));
}

QImage draw(RenderWidget& widget, ShellScene& scene, const ScenePicture& picture) {
  const Stage stage(widget, scene, picture);
  vtkNew<vtkWindowToImageFilter> drawing;
  drawing->SetInput(widget.renderWindow());
  drawing->SetScale(stage.tiles());
  drawing->SetInputBufferTypeToRGBA();
  drawing->ReadFrontBufferOff();
  drawing->Update();
  auto& drawn = *drawing->GetOutput();
  const int* size = drawn.GetDimensions();
  if (size[0] < picture.pixels.width() || size[1] < picture.pixels.height())
    throw core::InputError("3D picture", "the graphics driver drew no picture of this size",
                           "choose a smaller one");
  return toImage(drawn, picture.pixels);
}

}  // namespace

QImage drawScene(RenderWidget& widget, ShellScene& scene, const ScenePicture& picture) {
  if (!widget.isWorking())
    throw core::InputError("3D picture", "this computer offers no OpenGL 3.2",
                           "take a picture of a slice instead, or try another computer");
  return widget.ask([&] { return draw(widget, scene, picture); });
}

}  // namespace rind::rendering
