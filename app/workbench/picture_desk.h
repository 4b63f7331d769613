#pragma once

#include <QObject>
#include <QPointer>

#include "rind/workbench/picture_caption.h"
#include "rind/workbench/picture_dialog.h"

namespace rind::workbench {

/// Saves pictures with their captions: drawn at once, written in the background.
class PictureDesk : public QObject {
  Q_OBJECT

 public:
  PictureDesk(Session& session, QMainWindow& window, ViewGrid& views);

  /// `saved` or `failed` follows.
  void save(const PictureRequest& request);
  /// Asks for view, size and file, and saves.
  void ask();
  bool isAsking() const { return dialog_ != nullptr; }

 Q_SIGNALS:
  void saved(const QString& file);
  void failed(const QString& why);

 private:
  QString viewUnderKeyboard() const;

  Session& session_;
  QMainWindow& window_;
  ViewGrid& views_;
  QPointer<PictureDialog> dialog_;
  models::Background background_{this, 1};
};

}  // namespace rind::workbench
