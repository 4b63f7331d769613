#include "rind/workbench/notice_bar.h"

#include <QHBoxLayout>
#include <QStyle>
#include <QToolButton>

namespace rind::workbench {

NoticeBar::NoticeBar(QWidget* parent) : QFrame(parent), text_(new QLabel), button_(new QPushButton) {
  setObjectName("notice");
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(10, 5, 6, 5);
  text_->setObjectName("noticeText");
  text_->setWordWrap(true);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  button_->setObjectName("noticeAction");
  auto* close = new QToolButton;
  close->setText(QStringLiteral("✕"));
  close->setAccessibleName(tr("Dismiss"));
  close->setToolTip(tr("Dismiss (Esc)"));
  close->setShortcut(Qt::Key_Escape);
  row->addWidget(text_, 1);
  row->addWidget(button_);
  row->addWidget(close);
  connect(close, &QToolButton::clicked, this, &QWidget::hide);
  connect(button_, &QPushButton::clicked, this, [this] {
    hide();
    if (action_) action_();
  });
  hide();
}

void NoticeBar::say(const QString& text, bool is_error) {
  text_->setText(text);
  setProperty("error", is_error);
  style()->unpolish(this);
  style()->polish(this);
  button_->hide();
  action_ = {};
  show();
}

void NoticeBar::offer(const QString& text, const QString& button, std::function<void()> action,
                      bool is_error) {
  say(text, is_error);
  button_->setText(button);
  button_->show();
  action_ = std::move(action);
}

}  // namespace rind::workbench
