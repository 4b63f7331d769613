#include "rind/workbench/keyboard_sheet.h"

#include <QAbstractButton>
#include <QAction>
#include <QGridLayout>
#include <QLabel>
#include <QShortcut>

#include "rind/panels/setting_rows.h"
#include "rind/panels/slice_view.h"
#include "rind/workbench/layer_bar.h"

namespace rind::workbench {
namespace {

struct Line {
  QKeySequence keys;
  QString what;
};

struct Group {
  QString title;
  QList<Line> lines;
};

void add(QList<Group>& groups, const QString& title, const Line& line) {
  for (auto& group : groups)
    if (group.title == title) return group.lines.append(line);
  groups.append({title, {line}});
}

QList<Group> groupsOf(const QWidget& window) {
  QList<Group> groups;
  for (const auto* action : window.actions())
    if (!action->shortcut().isEmpty())
      add(groups, action->property("group").toString(), {action->shortcut(), action->whatsThis()});
  const auto* layers = window.findChild<LayerBar*>();
  for (const auto* button : layers->findChildren<QAbstractButton*>())
    if (!button->shortcut().isEmpty())
      add(groups, QObject::tr("LAYERS"),
          {button->shortcut(), QObject::tr("Show or hide %1").arg(button->text())});
  for (const auto& key : panels::SliceView::keys())
    add(groups, QObject::tr("SLICE UNDER THE KEYBOARD"),
        {QKeySequence(key.key), panels::SliceView::tr(key.what)});
  return groups;
}

}  // namespace

KeyboardSheet::KeyboardSheet(QWidget& window) : QDialog(&window) {
  setObjectName("keyboardSheet");
  setWindowTitle(tr("Rind – keyboard"));
  setAccessibleName(tr("Keyboard"));
  setAttribute(Qt::WA_DeleteOnClose);
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(16, 10, 20, 14);
  grid->setHorizontalSpacing(18);
  grid->setVerticalSpacing(4);
  grid->setSizeConstraint(QLayout::SetFixedSize);
  int row = 0;
  for (const auto& [title, lines] : groupsOf(window)) {
    auto* heading = panels::makeHeading(title);
    heading->setAccessibleName(title);
    grid->addWidget(heading, row++, 0, 1, 2);
    for (const auto& [keys, what] : lines) {
      auto* key = new QLabel(keys.toString(QKeySequence::NativeText));
      key->setProperty("role", "title");
      key->setAccessibleName(tr("%1: %2").arg(key->text(), what));
      auto* text = new QLabel(what);
      text->setAccessibleName(what);
      grid->addWidget(key, row, 0);
      grid->addWidget(text, row++, 1);
    }
  }
  connect(new QShortcut(QKeySequence("F1"), this), &QShortcut::activated, this, &QDialog::close);
}

}  // namespace rind::workbench
