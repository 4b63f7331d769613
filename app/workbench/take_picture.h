#pragma once

#include <utility>
#include <vector>

#include "rind/workbench/main_window.h"
#include "rind/workbench/view_options.h"

namespace rind::workbench {

/// A picture taken without hands.
struct PictureOrder {
  PictureRequest picture;
  /// Empty: the one that comes first.
  QString case_id;
  /// Empty, band, prediction or error: a short way to say some layers and the 3D view's mode.
  QString layer;
  /// Of the prediction, 0 for the newest.
  int epoch = 0;
  std::vector<std::pair<const ViewOption*, QString>> options;
};

/// Saves the picture with its caption as soon as what it shows is there, and ends the program: 0, or 2 with
/// one sentence on the error stream.
void takePicture(Session& session, MainWindow& window, const PictureOrder& order);

/// Gives settings as "key=value" to what is opened next, in place of a run's own. Throws InputError.
void setSettings(Session& session, const QStringList& words);

}  // namespace rind::workbench
