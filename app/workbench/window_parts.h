#pragma once

#include <QMainWindow>
#include <QString>

namespace rind::workbench {

/// The window's size and where its splitters stand, as one word for a command line:
/// "1440x900,whole:320:1115,right:620:230", pixels, the outer splitters first.
QString readParts(const QMainWindow& window);

/// Lays the window's parts out as they stood, whatever its own size. Throws InputError naming --panels.
void layOut(QMainWindow& window, const QString& parts);

}  // namespace rind::workbench
