#include "rind/workbench/window_parts.h"

#include <QLayout>
#include <QSplitter>

#include "rind/core/error.h"

namespace rind::workbench {
namespace {

const QString kSplitter = QStringLiteral("Splitter");

[[noreturn]] void refuse(const QString& parts) {
  throw core::InputError("--panels", "cannot be \"" + parts.toStdString() + "\"",
                         "take it from a picture's caption, as in 1440x900,whole:320:1115,right:620:230");
}

// "320" and the like.
QList<int> numbersIn(const QStringList& words, const QString& parts) {
  QList<int> numbers;
  for (const auto& word : words) {
    bool is_number = false;
    const int number = word.toInt(&is_number);
    if (!is_number || number < 0 || number > 100000) refuse(parts);
    numbers << number;
  }
  return numbers;
}

}  // namespace

QString readParts(const QMainWindow& window) {
  QStringList words = {QStringLiteral("%1x%2").arg(window.width()).arg(window.height())};
  for (const auto* splitter : window.findChildren<QSplitter*>()) {
    if (splitter->window() != &window) continue;
    QStringList numbers = {splitter->objectName().chopped(kSplitter.size())};
    for (const int size : splitter->sizes()) numbers << QString::number(size);
    words << numbers.join(':');
  }
  return words.join(',');
}

void layOut(QMainWindow& window, const QString& parts) {
  QStringList words = parts.split(',');
  const auto size = numbersIn(words.takeFirst().split('x'), parts);
  if (size.size() != 2) refuse(parts);
  window.layout()->setGeometry(QRect(0, 0, size[0], size[1]));
  for (const auto& word : words) {
    QStringList numbers = word.split(':');
    auto* splitter = window.findChild<QSplitter*>(numbers.takeFirst() + kSplitter);
    if (splitter == nullptr || numbers.size() != splitter->count()) refuse(parts);
    splitter->setSizes(numbersIn(numbers, parts));
  }
}

}  // namespace rind::workbench
