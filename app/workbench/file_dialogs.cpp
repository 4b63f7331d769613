#include "rind/workbench/file_dialogs.h"

#include <QFileDialog>
#include <algorithm>

#include "rind/core/model_format.h"
#include "rind/rendering/surface_files.h"

namespace rind::workbench {
namespace {

QFileDialog* makeDialog(QWidget* parent, const QString& title, const QString& filter) {
  auto* dialog = new QFileDialog(parent, title, {}, filter);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  return dialog;
}

}  // namespace

void askForFolder(QWidget* parent, const QString& title, std::function<void(const QString&)> chosen) {
  auto* dialog = makeDialog(parent, title, {});
  dialog->setFileMode(QFileDialog::Directory);
  QObject::connect(dialog, &QFileDialog::fileSelected, parent, std::move(chosen));
  dialog->open();
}

void askForExport(QWidget* parent, const QString& name,
                  std::function<void(const QString&, const QString&)> chosen) {
  QStringList filters;
  for (const auto& format : core::modelFormats())
    filters += QString::fromStdString(format.title + " (*" + format.extension + ")");
  auto* dialog = makeDialog(parent, QObject::tr("Export the model"), filters.join(";;"));
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->selectFile(name);
  QObject::connect(dialog, &QFileDialog::fileSelected, parent,
                   [dialog, filters, chosen = std::move(chosen)](const QString& path) {
                     const auto row = filters.indexOf(dialog->selectedNameFilter());
                     const auto& format = core::modelFormats().at(static_cast<std::size_t>(row));
                     const auto extension = QString::fromStdString(format.extension);
                     chosen(path.endsWith(extension) ? path : path + extension,
                            QString::fromStdString(format.name));
                   });
  dialog->open();
}

void askForSurfaces(QWidget* parent, const QString& title, std::function<void(const QString&)> chosen) {
  struct Row {
    QString filter;
    QString extension;
    bool by_organ;
  };
  QList<Row> rows;
  QStringList filters;
  for (const auto& [extension, name] : rendering::surfaceFormats()) {
    const bool keeps_names = QLatin1String(extension) != QLatin1String(".stl");
    if (!keeps_names)
      rows += {QObject::tr("%1, a file for each organ (*%2)").arg(name, extension), extension, true};
    rows += {QObject::tr("%1, all organs in one file (*%2)").arg(name, extension), extension, false};
  }
  for (const auto& row : rows) filters += row.filter;
  auto* dialog = makeDialog(parent, title, filters.join(";;"));
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->selectFile(QObject::tr("organs"));
  QObject::connect(dialog, &QFileDialog::fileSelected, parent,
                   [dialog, filters, rows, chosen = std::move(chosen)](QString path) {
                     const auto& row = rows.at(
                         std::max(0, static_cast<int>(filters.indexOf(dialog->selectedNameFilter()))));
                     if (path.endsWith(row.extension)) path.chop(row.extension.size());
                     chosen(path + (row.by_organ ? QStringLiteral("_") + rendering::kOrganPlace : QString()) +
                            row.extension);
                   });
  dialog->open();
}

void askForNewFile(QWidget* parent, const QString& title, const QString& filter,
                   std::function<void(const QString&)> chosen) {
  auto* dialog = makeDialog(parent, title, filter);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  const auto use = [dialog](const QString& chosen_filter) {
    const auto dot = chosen_filter.indexOf("*.");
    if (dot < 0) return;
    const auto end = chosen_filter.indexOf(')', dot);
    dialog->setDefaultSuffix(chosen_filter.mid(dot + 2, end - dot - 2).section(' ', 0, 0));
  };
  use(filter);
  QObject::connect(dialog, &QFileDialog::filterSelected, dialog, use);
  QObject::connect(dialog, &QFileDialog::fileSelected, parent, std::move(chosen));
  dialog->open();
}

}  // namespace rind::workbench
