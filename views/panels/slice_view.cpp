#include "rind/panels/slice_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <cmath>

#include "rind/panels/slice_furniture.h"

namespace rind::panels {
namespace {

const QColor kGround(10, 11, 13);
constexpr const char* kNames[] = {"axialView", "coronalView", "sagittalView"};  // by models::Plane

std::size_t outlineFor(double scale) {
  return static_cast<std::size_t>(std::max(1.0, std::round(scale)));
}

// Lines may end after a "·" only.
QString unbroken(QString text) {
  text.replace(QLatin1Char(' '), QChar::Nbsp);
  return text.replace(QStringLiteral("·") + QChar::Nbsp, QStringLiteral("· "));
}

}  // namespace

SliceView::SliceView(models::CaseModel& shown, models::Plane plane, QWidget* parent)
    : QWidget(parent), case_(shown), plane_(plane) {
  setObjectName(kNames[static_cast<int>(plane)]);
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
    if (isStaleAfter(what)) stale_ = true;
    update();
  });
}

// Crosshair and read-out are drawn over the picture: it stays while the cursor moves in its own slice.
bool SliceView::isStaleAfter(models::Changes what) const {
  const bool same_slice = case_.empty() || models::along(case_.cursor(), axes_.through) == slice_;
  if (what & ~models::Changes(models::Change::cursor | models::Change::selection)) return true;
  return !same_slice;
}

void SliceView::resetView() {
  setPose({});
}

void SliceView::setPose(const SlicePose& pose) {
  pose_ = pose;
  pose_.zoom = std::clamp(pose.zoom, 0.5, 40.0);
  stale_ = true;
  update();
}

models::SliceFrame SliceView::frame(const QSize& pixels) const {
  auto frame = models::wholeSlice(case_.loaded().prepared.geometry, axes_, pixels.width(), pixels.height());
  frame.pixels_per_mm *= pose_.zoom * 0.97;
  frame.centre_across += pose_.pan.x();
  frame.centre_down += pose_.pan.y();
  return frame;
}

models::SliceFrame SliceView::frame() const {
  return frame((QSizeF(size()) * devicePixelRatioF()).toSize());
}

void SliceView::resizeEvent(QResizeEvent*) {
  stale_ = true;
}

void SliceView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), kGround);
  if (case_.empty()) {
    painter.setPen(QColor(0x8A, 0x94, 0xA0));
    painter.drawText(rect().adjusted(20, 20, -20, -20), Qt::AlignCenter | Qt::TextWordWrap, empty_text_);
    return;
  }
  // A picture of the window may have more pixels than the screen.
  const double ratio = painter.deviceTransform().m11();
  auto drawn = frame((QSizeF(size()) * ratio).toSize());
  drawn.outline = outlineFor(ratio);
  const auto count = static_cast<std::size_t>(drawn.width) * static_cast<std::size_t>(drawn.height);
  if (stale_ || pixels_.size() != count) models::composeSlice(case_, axes_, drawn, pixels_);
  stale_ = false;
  slice_ = models::along(case_.cursor(), axes_.through);
  const QImage image(reinterpret_cast<const uchar*>(pixels_.data()), drawn.width, drawn.height,
                     drawn.width * static_cast<int>(sizeof(std::uint32_t)), QImage::Format_RGB32);
  painter.drawImage(rect(), image);
  drawFurniture(painter, {case_, plane_, axes_, drawn, size(), ratio, false, readOut(drawn, ratio)});
  Q_EMIT painted();
}

QImage SliceView::picture(const QSize& pixels, double scale, bool transparent) const {
  QImage image(pixels, QImage::Format_ARGB32_Premultiplied);
  image.fill(transparent ? Qt::transparent : kGround);
  if (case_.empty()) return image;
  auto drawn = frame(pixels);
  drawn.outline = outlineFor(scale);
  std::vector<std::uint32_t> composed;
  models::composeSlice(case_, axes_, drawn, composed, transparent ? 0 : models::kOutsideOfImage);
  QPainter painter(&image);
  painter.drawImage(
      0, 0,
      QImage(reinterpret_cast<const uchar*>(composed.data()), drawn.width, drawn.height,
             drawn.width * static_cast<int>(sizeof(std::uint32_t)), QImage::Format_ARGB32_Premultiplied));
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(font());
  painter.scale(scale, scale);
  drawFurniture(painter, {case_, plane_, axes_, drawn, QSizeF(pixels) / scale, scale, true, {}});
  return image;
}

QString SliceView::readOut() const {
  return case_.empty() ? QString() : readOut(frame(), devicePixelRatioF());
}

QString SliceView::readOut(const models::SliceFrame& frame, double ratio) const {
  if (!pointer_) return {};
  const auto at = models::voxelAt(case_, axes_, frame, pointer_->x() * ratio, pointer_->y() * ratio);
  const auto& loaded = case_.loaded();
  const auto& size = loaded.prepared.size();
  if (at.z < 0 || at.y < 0 || at.x < 0 || at.z >= size.z || at.y >= size.y || at.x >= size.x) return {};
  const std::size_t label = loaded.prepared.labels[at];
  const auto offset = loaded.prepared.labels.offset(at);
  const auto depth = models::bandDepth(case_, at);
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
  return unbroken(text);
}

void SliceView::scroll(int slices) {
  core::Index3 at = case_.cursor();
  (axes_.through == 0 ? at.z : axes_.through == 1 ? at.y : at.x) += slices;
  case_.setCursor(at);
}

void SliceView::zoom(double factor) {
  setPose({pose_.zoom * factor, pose_.pan});
}

void SliceView::wheelEvent(QWheelEvent* event) {
  event->accept();
  if (case_.empty() || event->angleDelta().y() == 0) return;
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
    pose_.pan -= moved * devicePixelRatioF() / frame().pixels_per_mm;
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
