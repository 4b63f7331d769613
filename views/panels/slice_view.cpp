#include "rind/panels/slice_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <cmath>

namespace rind::panels {
namespace {

const QColor kInk(0xD8, 0xDE, 0xE6);
const QColor kCross(0x8C, 0xC8, 0xFF, 150);

QString planeName(models::Plane plane) {
  switch (plane) {
    case models::Plane::coronal:
      return QObject::tr("coronal");
    case models::Plane::sagittal:
      return QObject::tr("sagittal");
    case models::Plane::axial:
      break;
  }
  return QObject::tr("axial");
}

std::int64_t along(const core::Index3& at, int axis) {
  return axis == 0 ? at.z : axis == 1 ? at.y : at.x;
}

// Light letters with a shadow, readable on any tissue.
void drawRimmed(QPainter& painter, const QRectF& box, int flags, const QString& text) {
  painter.setPen(QColor(0, 0, 0, 220));
  painter.drawText(box.translated(1, 1), flags, text);
  painter.setPen(kInk);
  painter.drawText(box, flags, text);
}

}  // namespace

SliceView::SliceView(models::CaseModel& shown, models::Plane plane, QWidget* parent)
    : QWidget(parent), case_(shown), plane_(plane) {
  setObjectName(planeName(plane) + "View");
  setAccessibleName(tr("%1 slice").arg(planeName(plane)));
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_OpaquePaintEvent);
  setMinimumSize(80, 60);
  connect(&shown, &models::CaseModel::changed, this, [this](models::Changes what) {
    if (what & models::Change::data) {
      if (!case_.empty()) axes_ = models::planeAxes(case_.loaded().prepared.geometry, plane_);
      resetView();
    }
    stale_ = true;
    update();
  });
}

void SliceView::resetView() {
  zoom_ = 1;
  pan_ = {};
  stale_ = true;
  update();
}

models::SliceFrame SliceView::frame() const {
  const double ratio = devicePixelRatioF();
  const int wide = static_cast<int>(width() * ratio);
  const int high = static_cast<int>(height() * ratio);
  auto frame = models::wholeSlice(case_.loaded().prepared.geometry, axes_, wide, high);
  frame.pixels_per_mm *= zoom_ * 0.97;
  frame.centre_across += pan_.x();
  frame.centre_down += pan_.y();
  return frame;
}

void SliceView::resizeEvent(QResizeEvent*) {
  stale_ = true;
}

void SliceView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), QColor(10, 11, 13));
  if (case_.empty()) {
    painter.setPen(QColor(0x8A, 0x94, 0xA0));
    painter.drawText(rect().adjusted(20, 20, -20, -20), Qt::AlignCenter | Qt::TextWordWrap, empty_text_);
    return;
  }
  const auto drawn = frame();
  if (stale_) models::composeSlice(case_, axes_, drawn, pixels_);
  stale_ = false;
  const QImage image(reinterpret_cast<const uchar*>(pixels_.data()), drawn.width, drawn.height,
                     drawn.width * static_cast<int>(sizeof(std::uint32_t)), QImage::Format_RGB32);
  painter.drawImage(rect(), image);
  drawFurniture(painter, drawn);
  Q_EMIT painted();
}

void SliceView::drawFurniture(QPainter& painter, const models::SliceFrame& frame) const {
  const double ratio = devicePixelRatioF();
  const auto cross = models::pixelOf(case_, axes_, frame, case_.cursor());
  const QPointF at(cross[0] / ratio, cross[1] / ratio);
  painter.setPen(QPen(kCross, 1));
  painter.drawLine(QPointF(at.x(), 0), QPointF(at.x(), at.y() - 8));
  painter.drawLine(QPointF(at.x(), at.y() + 8), QPointF(at.x(), height()));
  painter.drawLine(QPointF(0, at.y()), QPointF(at.x() - 8, at.y()));
  painter.drawLine(QPointF(at.x() + 8, at.y()), QPointF(width(), at.y()));

  QFont small = font();
  small.setPointSizeF(small.pointSizeF() * 0.9);
  painter.setFont(small);
  const QRectF inner = QRectF(rect()).adjusted(8, 6, -8, -6);
  const auto& size = case_.loaded().prepared.size();
  drawRimmed(painter, inner, Qt::AlignTop | Qt::AlignLeft,
             tr("%1  %2/%3")
                 .arg(planeName(plane_))
                 .arg(along(case_.cursor(), axes_.through) + 1)
                 .arg(along(size, axes_.through)));
  const auto letter = [this](std::size_t i) { return QString(QLatin1Char(axes_.letters[i])); };
  drawRimmed(painter, inner, Qt::AlignVCenter | Qt::AlignLeft, letter(0));
  drawRimmed(painter, inner, Qt::AlignVCenter | Qt::AlignRight, letter(1));
  drawRimmed(painter, inner, Qt::AlignTop | Qt::AlignHCenter, letter(2));
  drawRimmed(painter, inner.adjusted(0, 0, 0, -14), Qt::AlignBottom | Qt::AlignHCenter, letter(3));
  drawRimmed(painter, inner, Qt::AlignBottom | Qt::AlignLeft, readOut(frame));
  drawScaleBar(painter, frame);
}

void SliceView::drawScaleBar(QPainter& painter, const models::SliceFrame& frame) const {
  const double per_mm = frame.pixels_per_mm / devicePixelRatioF();
  double length = 1;
  for (const double mm : {2.0, 5.0, 10.0, 20.0, 50.0, 100.0})
    if (mm * per_mm < width() * 0.22) length = mm;
  const double right = width() - 10;
  const double bottom = height() - 24;
  painter.setPen(QPen(kInk, 2));
  painter.drawLine(QPointF(right - length * per_mm, bottom), QPointF(right, bottom));
  drawRimmed(painter, QRectF(right - 100, bottom + 2, 100, 18), Qt::AlignRight | Qt::AlignTop,
             tr("%1 mm").arg(length));
}

QString SliceView::readOut(const models::SliceFrame& frame) const {
  if (!pointer_) return {};
  const double ratio = devicePixelRatioF();
  const auto at = models::voxelAt(case_, axes_, frame, pointer_->x() * ratio, pointer_->y() * ratio);
  const auto& loaded = case_.loaded();
  const auto& size = loaded.prepared.size();
  if (at.z < 0 || at.y < 0 || at.x < 0 || at.z >= size.z || at.y >= size.y || at.x >= size.x) return {};
  const std::size_t label = loaded.prepared.labels[at];
  const auto offset = loaded.prepared.labels.offset(at);
  const int depth = loaded.prepared.depth[at];
  const auto mm = models::millimetresOf(loaded.prepared.geometry, at);
  QString text = tr("voxel %1, %2, %3 · %4, %5, %6 mm · %7\n")
                     .arg(at.x)
                     .arg(at.y)
                     .arg(at.z)
                     .arg(mm[0], 0, 'f', 1)
                     .arg(mm[1], 0, 'f', 1)
                     .arg(mm[2], 0, 'f', 1)
                     .arg(static_cast<double>(case_.image()[offset]), 0, 'f', 2);
  if (label < loaded.labels.size()) text += QString::fromStdString(loaded.labels[label].name);
  if (label > 0 && label < case_.thickness().size())
    text += depth <= case_.thickness()[label] ? tr(", band (depth %1)").arg(depth)
                                              : tr(", inside (depth %1)").arg(depth);
  if (const auto heat = case_.heat(); heat && case_.layers().heat && heat->contains(at))
    text += tr(" · gradient %1").arg(heat->gradientAt(at), 0, 'g', 2);
  const auto prediction = case_.prediction();
  if (prediction && prediction->labels.size == size && prediction->labels[at] < loaded.labels.size() &&
      prediction->labels[at] != label)
    text += tr(" · predicted %1").arg(QString::fromStdString(loaded.labels[prediction->labels[at]].name));
  return text;
}

void SliceView::scroll(int slices) {
  core::Index3 at = case_.cursor();
  (axes_.through == 0 ? at.z : axes_.through == 1 ? at.y : at.x) += slices;
  case_.setCursor(at);
}

void SliceView::zoom(double factor) {
  zoom_ = std::clamp(zoom_ * factor, 0.5, 40.0);
  stale_ = true;
  update();
}

void SliceView::wheelEvent(QWheelEvent* event) {
  event->accept();
  if (case_.empty()) return;
  if (event->modifiers().testFlag(Qt::ControlModifier)) {
    zoom(event->angleDelta().y() > 0 ? 1.15 : 1 / 1.15);
    return;
  }
  wheel_ += event->angleDelta().y();
  const int slices = wheel_ / 120;
  wheel_ -= slices * 120;
  if (slices != 0) scroll(slices);
}

void SliceView::moveCursor(const QPointF& position) {
  const double ratio = devicePixelRatioF();
  case_.setCursor(models::voxelAt(case_, axes_, frame(), position.x() * ratio, position.y() * ratio));
}

void SliceView::mousePressEvent(QMouseEvent* event) {
  pressed_ = event->position();
  if (!case_.empty() && event->button() == Qt::LeftButton && !event->modifiers().testFlag(Qt::ShiftModifier))
    moveCursor(event->position());
}

void SliceView::mouseMoveEvent(QMouseEvent* event) {
  pointer_ = event->position();
  if (case_.empty()) return;
  const QPointF moved = event->position() - pressed_;
  if (event->buttons() != Qt::NoButton) pressed_ = event->position();
  if (event->buttons().testFlag(Qt::LeftButton) && event->modifiers().testFlag(Qt::ShiftModifier)) {
    const auto range = case_.high() - case_.low();
    const auto width_change = static_cast<float>(moved.x() / 200.0) * range;
    const auto level_change = static_cast<float>(moved.y() / 200.0) * range;
    case_.setWindow(case_.low() - width_change / 2 + level_change,
                    case_.high() + width_change / 2 + level_change);
  } else if (event->buttons().testFlag(Qt::LeftButton)) {
    moveCursor(event->position());
  } else if (event->buttons().testFlag(Qt::RightButton)) {
    zoom(std::exp(-moved.y() / 120.0));
  } else if (event->buttons().testFlag(Qt::MiddleButton)) {
    pan_ -= moved * devicePixelRatioF() / frame().pixels_per_mm;
    stale_ = true;
  }
  update();
}

void SliceView::mouseDoubleClickEvent(QMouseEvent*) {
  Q_EMIT maximiseRequested();
}

void SliceView::leaveEvent(QEvent*) {
  pointer_.reset();
  update();
}

const std::vector<SliceView::Key>& SliceView::keys() {
  static const std::vector<Key> keys = {
      {Qt::Key_Up, QT_TR_NOOP("Next slice"), [](SliceView& view) { view.scroll(1); }},
      {Qt::Key_Down, QT_TR_NOOP("Slice before"), [](SliceView& view) { view.scroll(-1); }},
      {Qt::Key_R, QT_TR_NOOP("Whole slice again"), [](SliceView& view) { view.resetView(); }}};
  return keys;
}

void SliceView::keyPressEvent(QKeyEvent* event) {
  for (const auto& key : keys())
    if (!case_.empty() && event->key() == key.key) return key.act(*this);
  QWidget::keyPressEvent(event);
}

}  // namespace rind::panels
