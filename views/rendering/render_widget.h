#pragma once

#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkGenericRenderWindowInteractor.h>
#include <vtkNew.h>

#include <QImage>
#include <QPoint>
#include <QWidget>
#include <atomic>
#include <functional>

#include "rind/rendering/render_thread.h"

namespace rind::rendering {

/// VTK in a Qt widget: a render window that is drawn on a thread of its own, so that a picture that takes
/// long, as with software OpenGL, keeps nothing else waiting. Whoever wants something of the window or the
/// scene in it asks by `edit` or `ask`.
class RenderWidget : public QWidget {
  Q_OBJECT

 public:
  explicit RenderWidget(QWidget* parent = nullptr);
  ~RenderWidget() override;

  /// Whether Qt can make an OpenGL context here at all.
  static bool isPossible();
  /// Asks Qt for the OpenGL that the widget needs. To be called before the application is made.
  static void askForOpenGl();

  /// To be touched in `edit` and `ask` only, once the widget is shown.
  vtkRenderWindow* renderWindow() { return window_; }
  /// Waits until that is known.
  bool isWorking();
  /// Changes what is drawn, some time later but in order, and draws it. Edits are numbered.
  long edit(std::function<void()> change);
  /// Waits for the edits so far and for the answer.
  template <class Question>
  auto ask(Question question) {
    return thread_.now(std::move(question));
  }
  /// Whether all edits so far are in the picture on the screen.
  bool isCurrent() const { return shows(edits_); }
  bool shows(long edit) const { return shown_edits_ >= edit; }
  /// Ends the thread; the scene may go then.
  void stop();
  /// Gives VTK's window this size, in pixels; only in `ask`.
  void fitWindow(const QSize& pixels);
  /// The widget's own, in the screen's pixels.
  QSize pixels() const;
  /// One line in the middle of the view, for one that has nothing to show.
  void setEmptyText(const QString& text);
  const QString& emptyText() const { return empty_text_; }
  QSize sizeHint() const override { return {420, 320}; }
  QSize minimumSizeHint() const override { return {80, 60}; }

 Q_SIGNALS:
  /// A single click without a drag; pixels from the bottom left, as VTK counts.
  void clicked(double x, double y);
  void moving(bool moving);
  /// A double click.
  void maximiseRequested();
  /// OpenGL 3.2 is not there, or VTK cannot use it; the rest of the window goes on.
  void unavailable(const QString& why);
  /// An edit or a picture broke off; the view goes on.
  void brokeOff(const QString& why);
  void painted();

 protected:
  void showEvent(QShowEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  void start();
  void endDrag();
  QString initialise();
  void wantFrame();
  void draw();
  QImage read();
  QPoint place(const QPointF& position) const;
  void hand(const QPointF& position, Qt::KeyboardModifiers keys, std::function<void()> act);

  vtkNew<vtkGenericOpenGLRenderWindow> window_;
  vtkNew<vtkGenericRenderWindowInteractor> interactor_;
  QImage image_;
  QString empty_text_;
  QPoint pressed_;
  Qt::MouseButton held_ = Qt::NoButton;  // whose press VTK was told of
  long edits_ = 0;
  long shown_edits_ = 0;
  long done_edits_ = 0;  // the thread's
  std::atomic<bool> frame_wanted_ = false;
  std::atomic<bool> working_ = false;
  bool dragged_ = false;
  RenderThread thread_;
};

}  // namespace rind::rendering
