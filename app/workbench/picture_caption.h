#pragma once

#include <QStringList>
#include <filesystem>

#include "rind/workbench/picture.h"
#include "rind/workbench/session.h"

namespace rind::workbench {

/// What a picture was made of, noted down when it was drawn.
struct PictureFacts {
  PictureRequest request;
  QString source;
  std::filesystem::path run;
  QString case_id;
  int epoch = 0;  // of the prediction that is shown, 0 where none is
  core::RunConfig config;
  QStringList view_options;
};
PictureFacts factsOf(Session& session, ViewGrid& views, const PictureRequest& request);

/// The caption: what is shown, of which data, run and settings, and the command that makes the picture again.
/// Reads the run's folder: not for the interface's thread. Throws InputError where that cannot be read.
QString captionOf(const PictureFacts& facts);

/// The picture's name with .txt.
QString captionFile(const QString& picture);

}  // namespace rind::workbench
