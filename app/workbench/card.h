#pragma once

#include <QFrame>
#include <QVBoxLayout>

namespace rind::workbench {

/// A frame of the window's parts, and the column to fill it with, which belongs to it.
struct Card {
  QFrame* frame;
  QVBoxLayout* column;
};
Card makeCard();

/// A card with a heading over `content`, and `note` beside the heading.
QWidget* makeCard(const QString& title, QWidget* content, QWidget* note);

}  // namespace rind::workbench
