#pragma once

#include <QDialog>

namespace rind::workbench {

/// All keys of the main window, read from its actions, its bar of layers and its slice views when it is
/// opened. F1 or Esc closes it.
class KeyboardSheet : public QDialog {
  Q_OBJECT

 public:
  explicit KeyboardSheet(QWidget& window);
};

}  // namespace rind::workbench
