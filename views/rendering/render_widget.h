#pragma once

#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkGenericRenderWindowInteractor.h>
#include <vtkNew.h>

#include <QOpenGLWidget>
#include <QPoint>
#include <functional>

class vtkOpenGLState;

namespace rind::rendering {

/// VTK in a Qt widget: a render window that draws into Qt's frame buffer, and the mouse handed on to it.
/// (Debian's own bridge is for Qt 5.)
class RenderWidget : public QOpenGLWidget {
  Q_OBJECT

 public:
  explicit RenderWidget(QWidget* parent = nullptr);
  ~RenderWidget() override;

  /// Whether Qt can make an OpenGL context here at all. Where it cannot, Qt 6.4 crashes on a window that
  /// holds such a widget, shown or not: keep it out of one.
  static bool isPossible();
  /// Asks Qt for the OpenGL that the widget needs. To be called before the application is made.
  static void askForOpenGl();

  vtkRenderWindow* renderWindow() { return window_; }
  bool isWorking() const { return working_; }
  /// What VTK knows of OpenGL; only while this widget's context is the current one.
  vtkOpenGLState& state() { return *window_->GetState(); }
  /// Gives VTK's window the widget's size.
  void fitWindow();
  QSize sizeHint() const override { return {420, 320}; }
  QSize minimumSizeHint() const override { return {80, 60}; }

 Q_SIGNALS:
  /// A click without a drag; pixels from the bottom left, as VTK counts.
  void clicked(double x, double y);
  void moving(bool moving);
  /// A double click.
  void maximiseRequested();
  /// OpenGL 3.2 is not there, or VTK cannot use it; the rest of the window goes on.
  void unavailable(const QString& why);
  void painted();

 protected:
  void initializeGL() override;
  void resizeGL(int width, int height) override;
  void paintGL() override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  void place(const QPointF& position, Qt::KeyboardModifiers keys);

  vtkNew<vtkGenericOpenGLRenderWindow> window_;
  vtkNew<vtkGenericRenderWindowInteractor> interactor_;
  QPoint pressed_;
  bool working_ = false;
  bool dragged_ = false;
};

}  // namespace rind::rendering
