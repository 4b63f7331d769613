// What a RenderWidget makes of the mouse.
#include <QMouseEvent>
#include <QWheelEvent>
#include <utility>

#include "rind/rendering/render_widget.h"

namespace rind::rendering {

QPoint RenderWidget::place(const QPointF& position) const {
  const double ratio = devicePixelRatioF();
  return {static_cast<int>(position.x() * ratio),
          pixels().height() - 1 - static_cast<int>(position.y() * ratio)};
}

void RenderWidget::hand(const QPointF& position, Qt::KeyboardModifiers keys, std::function<void()> act) {
  edit([this, at = place(position), keys, act = std::move(act)] {
    interactor_->SetEventInformation(at.x(), at.y(), keys.testFlag(Qt::ControlModifier),
                                     keys.testFlag(Qt::ShiftModifier));
    act();
  });
}

void RenderWidget::endDrag() {
  held_ = Qt::NoButton;
  if (std::exchange(dragged_, false)) Q_EMIT moving(false);
}

// A second button changes nothing of what the first one does.
void RenderWidget::mousePressEvent(QMouseEvent* event) {
  if (held_ != Qt::NoButton && event->buttons() != Qt::MouseButtons(event->button())) return;
  endDrag();  // whose release may never have come
  held_ = event->button();
  pressed_ = event->pos();
  hand(event->position(), event->modifiers(), [this, button = event->button()] {
    if (button == Qt::LeftButton) interactor_->LeftButtonPressEvent();
    if (button == Qt::RightButton) interactor_->RightButtonPressEvent();
    if (button == Qt::MiddleButton) interactor_->MiddleButtonPressEvent();
  });
}

// The second release of a double click is no click.
void RenderWidget::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != held_) return;
  hand(event->position(), event->modifiers(), [this, button = event->button()] {
    if (button == Qt::LeftButton) interactor_->LeftButtonReleaseEvent();
    if (button == Qt::RightButton) interactor_->RightButtonReleaseEvent();
    if (button == Qt::MiddleButton) interactor_->MiddleButtonReleaseEvent();
  });
  const bool click = !dragged_ && event->button() == Qt::LeftButton;
  endDrag();
  const QPoint at = place(event->position());
  if (click) Q_EMIT clicked(at.x(), at.y());
}

void RenderWidget::mouseMoveEvent(QMouseEvent* event) {
  if (held_ == Qt::NoButton) return;
  if (!dragged_ && (event->pos() - pressed_).manhattanLength() < 3) return;
  if (!dragged_) Q_EMIT moving(true);
  dragged_ = true;
  hand(event->position(), event->modifiers(), [this] { interactor_->MouseMoveEvent(); });
}

void RenderWidget::mouseDoubleClickEvent(QMouseEvent*) {
  Q_EMIT maximiseRequested();
}

void RenderWidget::wheelEvent(QWheelEvent* event) {
  event->accept();
  if (event->angleDelta().y() == 0) return;
  hand(event->position(), event->modifiers(), [this, forward = event->angleDelta().y() > 0] {
    if (forward)
      interactor_->MouseWheelForwardEvent();
    else
      interactor_->MouseWheelBackwardEvent();
  });
}

}  // namespace rind::rendering
