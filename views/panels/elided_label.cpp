#include "rind/panels/elided_label.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace rind::panels {
namespace {

constexpr int kLeastWidth = 24;

}  // namespace

ElidedLabel::ElidedLabel(const QString& text, QWidget* parent) : QLabel(text, parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

QSize ElidedLabel::minimumSizeHint() const {
  return {kLeastWidth, QLabel::minimumSizeHint().height()};
}

bool ElidedLabel::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QLabel::event(event);
  const QString more = toolTip().isEmpty() ? QString() : '\n' + toolTip();
  QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), text() + more, this);
  return true;
}

void ElidedLabel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setPen(palette().color(foregroundRole()));
  painter.drawText(contentsRect(), static_cast<int>(alignment() | Qt::TextSingleLine),
                   fontMetrics().elidedText(text(), mode_, contentsRect().width()));
}

}  // namespace rind::panels
