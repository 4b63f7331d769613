#pragma once

#include <QCoreApplication>

#include "rind/workbench/take_picture.h"

namespace rind::workbench {

/// What the workbench is started with.
struct Options {
  QString source;
  QString engine;
  QString theme;
  QString demo;
  QString surfaces;
  bool start = false;
  bool timing = false;
  bool measure = false;
  QSize size;
  QStringList settings;
  PictureOrder order;
  bool takesPicture() const { return !order.picture.file.isEmpty(); }
  /// Someone sits before it.
  bool isByHand() const { return size.isEmpty() && demo.isEmpty() && !takesPicture() && !measure && !timing; }
};

/// Ends the program for --help, --version and options that it does not know. Throws InputError naming an
/// option whose value cannot be used.
Options parseCommandLine(const QCoreApplication& application);

}  // namespace rind::workbench
