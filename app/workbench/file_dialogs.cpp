#include "rind/workbench/file_dialogs.h"

#include <QFileDialog>

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

void askForExport(QWidget* parent, std::function<void(const QString&, const QString&)> chosen) {
  auto* dialog = makeDialog(parent, QObject::tr("Export the model"),
                            QObject::tr("TorchScript (*.pt);;ONNX (*.onnx);;MONAI bundle (*)"));
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  QObject::connect(dialog, &QFileDialog::fileSelected, parent,
                   [dialog, chosen = std::move(chosen)](const QString& path) {
                     const QString filter = dialog->selectedNameFilter();
                     const auto with = [&](const char* end) {
                       return path.endsWith(QLatin1String(end)) ? path : path + QLatin1String(end);
                     };
                     if (filter.startsWith("ONNX"))
                       chosen(with(".onnx"), "onnx");
                     else if (filter.startsWith("MONAI"))
                       chosen(path, "monai-bundle");
                     else
                       chosen(with(".pt"), "torchscript");
                   });
  dialog->open();
}

void askForNewFile(QWidget* parent, const QString& title, const QString& filter,
                   std::function<void(const QString&)> chosen) {
  auto* dialog = makeDialog(parent, title, filter);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  const int dot = static_cast<int>(filter.indexOf("*."));
  if (dot >= 0)
    dialog->setDefaultSuffix(filter.mid(dot + 2, filter.indexOf(')', dot) - dot - 2).section(' ', 0, 0));
  QObject::connect(dialog, &QFileDialog::fileSelected, parent, std::move(chosen));
  dialog->open();
}

}  // namespace rind::workbench
