#include "rind/panels/fold.h"

#include <QVBoxLayout>

namespace rind::panels {

Fold::Fold(const QString& name, QWidget* content, QWidget* parent)
    : QWidget(parent), button_(new QToolButton) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(5);
  button_->setObjectName(name + "Fold");
  button_->setProperty("role", "fold");
  button_->setCheckable(true);
  button_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  button_->setArrowType(Qt::RightArrow);
  button_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  column->addWidget(button_);
  column->addWidget(content);
  content->hide();
  connect(button_, &QToolButton::toggled, this, [this, content](bool open) {
    content->setVisible(open);
    button_->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
  });
}

void Fold::setTitle(const QString& title) {
  button_->setText(title);
  button_->setAccessibleName(title);
}

}  // namespace rind::panels
