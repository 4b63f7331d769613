#pragma once

#include <QWidget>

namespace rind::panels {

/// The wheel over `control` scrolls the panel that it stands in, and changes the control only after a click
/// or Tab has led into it: who scrolls past a setting must not change it.
void guardFromWheel(QWidget* control);

}  // namespace rind::panels
