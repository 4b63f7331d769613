#pragma once

#include <QApplication>
#include <QIcon>

namespace rind::workbench {

/// Fonts, colours and the style sheet of `resources`, light or dark as the system's palette is ("light" and
/// "dark" force one).
void applyTheme(QApplication& application, const QString& wish = {});

/// Which of the two is on the screen.
bool isDark();

/// One of our own icons in the palette's colour of text.
QIcon themedIcon(const QString& name);

}  // namespace rind::workbench
