#include "rind/workbench/file_dialogs.h"

#include <QDir>
#include <QFileDialog>
#include <QMessageBox>
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

/// Calls `use`, after a question where one of the files is there already and the dialog asked about another.
void useUnlessKept(QWidget* parent, const QString& asked, const QStringList& files,
                   const std::function<void()>& use) {
  QStringList kept;
  for (const auto& file : files)
    if (file != asked && QFileInfo::exists(file)) kept << QFileInfo(file).fileName();
  if (kept.isEmpty()) {
    use();
    return;
  }
  auto* question = new QMessageBox(QMessageBox::Question, QObject::tr("Replace"),
                                   QObject::tr("%1 is there already. Replace it?").arg(kept.join(", ")),
                                   QMessageBox::Yes | QMessageBox::No, parent);
  question->setObjectName("replaceQuestion");
  question->setAttribute(Qt::WA_DeleteOnClose);
  QObject::connect(question, &QMessageBox::accepted, parent, use);
  question->open();
}

/// The files that an export of a surface for each organ may have written under this name.
QStringList filesOfOrgans(const QString& stem, const QString& extension) {
  const QFileInfo info(stem);
  QStringList files;
  for (const auto& file : info.dir().entryInfoList({info.fileName() + "_*" + extension}, QDir::Files))
    files << file.filePath();
  return files;
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
                   [parent, dialog, filters, chosen = std::move(chosen)](const QString& path) {
                     const auto row = std::max<qsizetype>(0, filters.indexOf(dialog->selectedNameFilter()));
                     const auto& format = core::modelFormats().at(static_cast<std::size_t>(row));
                     const auto extension = QString::fromStdString(format.extension);
                     const QString file = path.endsWith(extension) ? path : path + extension;
                     useUnlessKept(
                         parent, path, {file},
                         [chosen, file, name = QString::fromStdString(format.name)] { chosen(file, name); });
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
  QObject::connect(
      dialog, &QFileDialog::fileSelected, parent,
      [parent, dialog, filters, rows, chosen = std::move(chosen)](const QString& path) {
        const auto& row = rows.at(std::max<qsizetype>(0, filters.indexOf(dialog->selectedNameFilter())));
        QString stem = path;
        if (stem.endsWith(row.extension)) stem.chop(row.extension.size());
        const QString file =
            stem + (row.by_organ ? QStringLiteral("_") + rendering::kOrganPlace : QString()) + row.extension;
        const auto files = row.by_organ ? filesOfOrgans(stem, row.extension) : QStringList{file};
        useUnlessKept(parent, path, files, [chosen, file] { chosen(file); });
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
