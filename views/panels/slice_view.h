#pragma once

#include <QImage>
#include <QWidget>
#include <optional>
#include <vector>

#include "rind/models/slice_image.h"

namespace rind::panels {

/// What part of a slice is seen: 1 shows all of it; `pan` from its middle, right and down, in millimetres.
struct SlicePose {
  double zoom = 1;
  QPointF pan;
};

/// One plane of the case with its layers. Wheel scrolls, Ctrl+wheel and right drag zoom, middle drag pans,
/// left drag moves the linked crosshair, Shift+drag sets window and level. Drawn without OpenGL.
class SliceView : public QWidget {
  Q_OBJECT

 public:
  SliceView(models::CaseModel& shown, models::Plane plane, QWidget* parent = nullptr);

  void setEmptyText(const QString& text) {
    empty_text_ = text;
    update();
  }
  void resetView();
  const SlicePose& pose() const { return pose_; }
  void setPose(const SlicePose& pose);
  /// What is said of the voxel under the pointer; empty where there is none.
  QString readOut() const;
  /// The slice as it stands drawn with so many pixels, its letters and lines `scale` times their size on a
  /// plain screen; what lies beside the image is transparent on request. Without the pointer's read-out.
  QImage picture(const QSize& pixels, double scale, bool transparent) const;

  struct Key {
    Qt::Key key;
    const char* what;
    void (*act)(SliceView& view);
  };
  /// All keys of a slice that has the focus and shows a case.
  static const std::vector<Key>& keys();

  QSize sizeHint() const override { return {420, 320}; }
  QSize minimumSizeHint() const override { return {80, 60}; }

 Q_SIGNALS:
  void painted();
  void maximiseRequested();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  models::SliceFrame frame() const;
  models::SliceFrame frame(const QSize& pixels) const;
  bool isStaleAfter(models::Changes what) const;
  void scroll(int slices);
  void zoom(double factor);
  void moveCursor(const QPointF& position);
  QString readOut(const models::SliceFrame& frame, double ratio) const;

  models::CaseModel& case_;
  models::Plane plane_;
  models::PlaneAxes axes_;
  std::vector<std::uint32_t> pixels_;
  QString empty_text_;
  SlicePose pose_;
  QPointF pressed_;
  std::optional<QPointF> pointer_;
  std::int64_t slice_ = -1;  // of which pixels_ is
  int wheel_ = 0;
  bool stale_ = true;
};

}  // namespace rind::panels
