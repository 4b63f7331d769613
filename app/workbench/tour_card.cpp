#include "rind/workbench/tour_card.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace rind::workbench {
namespace {

constexpr int kPointer = 9;  // how far the pointer stands out
constexpr int kWidth = 300;
constexpr int kRingMargin = 5;
constexpr int kEdge = 8;  // between card and window

/// A rounded line around what the card speaks of; the mouse goes through it.
class Ring : public QWidget {
 public:
  explicit Ring(QWidget* window) : QWidget(window) {
    setObjectName("tourRing");
    setAttribute(Qt::WA_TransparentForMouseEvents);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 6, 6);
  }
};

QScrollArea* areaAround(QWidget* widget) {
  for (auto* above = widget->parentWidget(); above != nullptr; above = above->parentWidget())
    if (auto* area = qobject_cast<QScrollArea*>(above)) return area;
  return nullptr;
}

}  // namespace

TourCard::TourCard(QWidget* window)
    : QFrame(window),
      ring_(new Ring(window)),
      count_(new QLabel),
      title_(new QLabel),
      text_(new QLabel),
      back_(new QPushButton(tr("Back"))),
      next_(new QPushButton),
      skip_(new QPushButton(tr("Skip"))) {
  setObjectName("tour");
  setFocusPolicy(Qt::TabFocus);
  count_->setProperty("role", "quiet");
  count_->setObjectName("tourCount");
  title_->setProperty("role", "title");
  title_->setObjectName("tourTitle");
  text_->setObjectName("tourText");
  for (auto* label : {title_, text_}) label->setWordWrap(true);
  back_->setObjectName("tourBack");
  back_->setAccessibleName(tr("Back to the step before"));
  next_->setObjectName("tourNext");
  skip_->setObjectName("tourSkip");
  skip_->setAccessibleName(tr("Skip the tour"));
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(skip_);
  buttons->addStretch(1);
  buttons->addWidget(back_);
  buttons->addWidget(next_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(kPointer + 14, kPointer + 10, kPointer + 14, kPointer + 12);
  column->setSpacing(6);
  column->addWidget(count_);
  column->addWidget(title_);
  column->addWidget(text_);
  column->addSpacing(4);
  column->addLayout(buttons);
  connect(back_, &QPushButton::clicked, this, &TourCard::back);
  connect(next_, &QPushButton::clicked, this, &TourCard::next);
  connect(skip_, &QPushButton::clicked, this, &TourCard::skipped);
  window->installEventFilter(this);
  // The window may end first, and with it the ring.
  connect(ring_, &QObject::destroyed, this, [this] { ring_ = nullptr; });
}

TourCard::~TourCard() {
  delete ring_;
}

void TourCard::say(const TourText& text) {
  said_ = text;
  title_->setText(text.title);
  text_->setText(text.text);
  back_->setEnabled(text.step > 1);
  const bool last = text.step == text.steps;
  next_->setText(last ? tr("Done") : tr("Next"));
  next_->setAccessibleName(last ? tr("End the tour") : tr("Next step"));
  skip_->setVisible(!last);
  setAccessibleName(tr("Tour, step %1 of %2: %3").arg(text.step).arg(text.steps).arg(text.title));
  setAccessibleDescription(text.text);
  setDone(false);
}

void TourCard::setDone(bool done) {
  const QString count = tr("STEP %1 OF %2").arg(said_.step).arg(said_.steps);
  count_->setText(done ? count + tr("  ·  ✓ done") : count);
  place();
}

void TourCard::pointAt(QWidget* target) {
  if (target_) target_->removeEventFilter(this);
  target_ = target;
  if (target_) {
    target_->installEventFilter(this);
    if (auto* area = areaAround(target_)) area->ensureWidgetVisible(target_, 20, 60);
  }
  place();
  show();
  raise();
  next_->setFocus();
}

// To the right of what it speaks of where there is room, else below it.
void TourCard::place() {
  auto* window = parentWidget();
  const int height = std::max(heightForWidth(kWidth), layout()->totalHeightForWidth(kWidth));
  resize(kWidth, height);
  if (!target_ || !target_->isVisibleTo(window)) {
    ring_->hide();
    move((window->width() - kWidth) / 2, (window->height() - height) / 2);
    return;
  }
  const QRect target(target_->mapTo(window, QPoint()), target_->size());
  beside_ = target.right() + kRingMargin + kWidth + kEdge < window->width() && target.top() > 60;
  QPoint at = beside_ ? QPoint(target.right() + kRingMargin, target.center().y() - 52)
                      : QPoint(target.center().x() - 52, target.bottom() + kRingMargin);
  at.setX(std::clamp(at.x(), kEdge, std::max(kEdge, window->width() - kWidth - kEdge)));
  at.setY(std::clamp(at.y(), kEdge, std::max(kEdge, window->height() - height - kEdge)));
  tip_ = beside_ ? target.center().y() - at.y() : target.center().x() - at.x();
  move(at);
  ring_->setGeometry(target.adjusted(-kRingMargin, -kRingMargin, kRingMargin, kRingMargin));
  ring_->show();
  ring_->raise();
  raise();
  update();
}

bool TourCard::eventFilter(QObject* watched, QEvent* event) {
  const auto type = event->type();
  if (type == QEvent::Resize || type == QEvent::Move || type == QEvent::Show || type == QEvent::Hide ||
      type == QEvent::LayoutRequest)
    QMetaObject::invokeMethod(this, &TourCard::place, Qt::QueuedConnection);
  return QFrame::eventFilter(watched, event);
}

void TourCard::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF box = QRectF(rect()).adjusted(kPointer, kPointer, -kPointer, -kPointer);
  QPainterPath card;
  card.addRoundedRect(box, 6, 6);
  if (ring_->isVisible()) {
    QPolygonF pointer;
    if (beside_)
      pointer << QPointF(1, tip_) << QPointF(box.left() + 1, tip_ - 8) << QPointF(box.left() + 1, tip_ + 8);
    else
      pointer << QPointF(tip_, 1) << QPointF(tip_ - 8, box.top() + 1) << QPointF(tip_ + 8, box.top() + 1);
    QPainterPath tip;
    tip.addPolygon(pointer);
    tip.closeSubpath();
    card = card.united(tip);
  }
  painter.setPen(QPen(palette().color(QPalette::Highlight), 1.5));
  painter.setBrush(palette().color(QPalette::Base));
  painter.drawPath(card);
}

void TourCard::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape)
    Q_EMIT skipped();
  else
    QFrame::keyPressEvent(event);
}

}  // namespace rind::workbench
