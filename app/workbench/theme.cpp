#include "rind/workbench/theme.h"

#include <QFile>
#include <QPainter>
#include <QPalette>
#include <QStyleFactory>
#include <QSvgRenderer>

// The resources lie in a static library: nothing else would make the linker take them.
static void takeResources() {
  Q_INIT_RESOURCE(workbench);
}

namespace rind::workbench {
namespace {

struct Tones {
  QColor window, base, alternate, text, quiet, line, accent, accent_text, error;
};

const Tones kLight = {QColor("#F3F4F6"), QColor("#FFFFFF"), QColor("#F8F9FA"),
                      QColor("#1C232B"), QColor("#5B6672"), QColor("#D5DAE0"),
                      QColor("#2463C9"), QColor("#FFFFFF"), QColor("#B3261E")};
const Tones kDark = {QColor("#1E2227"), QColor("#171A1E"), QColor("#1B1F24"),
                     QColor("#E3E7EC"), QColor("#98A3AF"), QColor("#363D45"),
                     QColor("#6AA8FF"), QColor("#0E1116"), QColor("#FF8A80")};

QPalette paletteOf(const Tones& tones) {
  QPalette palette;
  palette.setColor(QPalette::Window, tones.window);
  palette.setColor(QPalette::WindowText, tones.text);
  palette.setColor(QPalette::Base, tones.base);
  palette.setColor(QPalette::AlternateBase, tones.alternate);
  palette.setColor(QPalette::Text, tones.text);
  palette.setColor(QPalette::PlaceholderText, tones.quiet);
  palette.setColor(QPalette::Button, tones.window);
  palette.setColor(QPalette::ButtonText, tones.text);
  palette.setColor(QPalette::Highlight, tones.accent);
  palette.setColor(QPalette::HighlightedText, tones.accent_text);
  palette.setColor(QPalette::ToolTipBase, tones.base);
  palette.setColor(QPalette::ToolTipText, tones.text);
  palette.setColor(QPalette::Link, tones.accent);
  palette.setColor(QPalette::Mid, tones.line);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    QColor faint = tones.quiet;
    faint.setAlpha(140);
    palette.setColor(QPalette::Disabled, role, faint);
  }
  return palette;
}

QString styleSheet(const Tones& tones, const QString& theme) {
  QFile file(QStringLiteral(":/style/workbench.qss"));
  if (!file.open(QIODevice::ReadOnly)) return {};
  QString sheet = QString::fromUtf8(file.readAll());
  const std::pair<const char*, QColor> names[] = {
      {"@window", tones.window}, {"@base", tones.base},  {"@text", tones.text},
      {"@quiet", tones.quiet},   {"@line", tones.line},  {"@accent-text", tones.accent_text},
      {"@accent", tones.accent}, {"@error", tones.error}};
  for (const auto& [name, colour] : names) sheet.replace(QLatin1String(name), colour.name());
  return sheet.replace(QStringLiteral("@theme"), theme);
}

}  // namespace

void applyTheme(QApplication& application, const QString& wish) {
  takeResources();
  const bool dark = wish == "dark" || (wish != "light" && isDark());
  const Tones& tones = dark ? kDark : kLight;
  application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  application.setPalette(paletteOf(tones));
  application.setStyleSheet(styleSheet(tones, dark ? QStringLiteral("dark") : QStringLiteral("light")));
}

bool isDark() {
  return QApplication::palette().color(QPalette::Window).lightness() < 110;
}

QIcon themedIcon(const QString& name) {
  QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
  if (!file.open(QIODevice::ReadOnly)) return {};
  const QByteArray drawing = file.readAll();
  QIcon icon;
  const QPalette palette = QApplication::palette();
  for (const auto group : {QPalette::Normal, QPalette::Disabled}) {
    const QColor colour = palette.color(group, QPalette::ButtonText);
    QByteArray coloured = drawing;
    coloured.replace("currentColor", colour.name().toLatin1());
    QSvgRenderer renderer(coloured);
    for (const int size : {20, 40}) {
      QPixmap pixmap(size, size);
      pixmap.fill(Qt::transparent);
      QPainter painter(&pixmap);
      painter.setOpacity(group == QPalette::Disabled ? 0.4 : 1.0);
      renderer.render(&painter);
      painter.end();
      icon.addPixmap(pixmap, group == QPalette::Disabled ? QIcon::Disabled : QIcon::Normal);
    }
  }
  return icon;
}

}  // namespace rind::workbench
