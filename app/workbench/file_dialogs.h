#pragma once

#include <QString>
#include <QWidget>
#include <functional>

namespace rind::workbench {

// Each opens a dialog that blocks nothing, and calls back only where a file was chosen.

void askForFolder(QWidget* parent, const QString& title, std::function<void(const QString& folder)> chosen);

/// `format`: the name of one of core's modelFormats(); `path` with its extension.
/// `name` is proposed, without an extension.
void askForExport(QWidget* parent, const QString& name,
                  std::function<void(const QString& path, const QString& format)> chosen);

/// `path` with an extension of rendering's surfaceFormats(), perhaps with the place of the organ's name.
void askForSurfaces(QWidget* parent, const QString& title, std::function<void(const QString& path)> chosen);

/// `filter` as QFileDialog has it; the first extension of the chosen one is added where none is given.
void askForNewFile(QWidget* parent, const QString& title, const QString& filter,
                   std::function<void(const QString& path)> chosen);

}  // namespace rind::workbench
