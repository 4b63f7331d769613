#include "rind/workbench/card.h"

#include <QHBoxLayout>

#include "rind/panels/setting_rows.h"

namespace rind::workbench {

Card makeCard() {
  auto* frame = new QFrame;
  frame->setProperty("role", "card");
  auto* column = new QVBoxLayout(frame);
  column->setContentsMargins(8, 2, 6, 4);
  column->setSpacing(0);
  return {frame, column};
}

QWidget* makeCard(const QString& title, QWidget* content, QWidget* note) {
  const auto [frame, column] = makeCard();
  auto* head = new QHBoxLayout;
  head->addWidget(panels::makeHeading(title));
  head->addWidget(note, 1);
  column->addLayout(head);
  column->addWidget(content, 1);
  return frame;
}

}  // namespace rind::workbench
