#include "rind/workbench/picture_desk.h"

#include <QApplication>

#include "rind/core/atomic_file.h"
#include "rind/workbench/outcome.h"

namespace rind::workbench {

PictureDesk::PictureDesk(Session& session, QMainWindow& window, ViewGrid& views)
    : QObject(&window), session_(session), window_(window), views_(views) {}

void PictureDesk::save(const PictureRequest& request) {
  QApplication::setOverrideCursor(Qt::WaitCursor);
  const auto drawn = attempt<QImage>([&] {
    validate(request);
    return drawPicture(window_, views_, request);
  });
  QApplication::restoreOverrideCursor();
  if (!drawn.value) {
    Q_EMIT failed(drawn.problem);
    return;
  }
  session_.activity().begin(tr("Writing %1 …").arg(request.file));
  background_.run(
      [image = *drawn.value, facts = factsOf(session_, views_, request)] {
        return attempt<bool>([&] {
          const auto caption = captionOf(facts).toStdString();
          const auto file = captionFile(facts.request.file).toStdString();
          writePicture(image, facts.request.file, [&] { core::writeFileWhole(file, caption); });
          return true;
        });
      },
      [this, request](const Outcome<bool>& outcome) {
        session_.activity().end();
        if (outcome.value)
          Q_EMIT saved(request.file);
        else
          Q_EMIT failed(outcome.problem);
      });
}

QString PictureDesk::viewUnderKeyboard() const {
  for (int view = 0; view < ViewGrid::kViews; ++view)
    if (views_.maximised() == view || views_.view(view)->isAncestorOf(window_.focusWidget()) ||
        views_.view(view) == window_.focusWidget())
      return pictureViews().at(view);
  return QStringLiteral("window");
}

void PictureDesk::ask() {
  if (dialog_) {
    dialog_->raise();
    dialog_->activateWindow();
    return;
  }
  dialog_ = new PictureDialog(viewUnderKeyboard(), session_.caseId(), &window_);
  connect(dialog_, &PictureDialog::requested, this, &PictureDesk::save);
  connect(this, &PictureDesk::saved, dialog_, &QDialog::accept);
  connect(this, &PictureDesk::failed, dialog_, &PictureDialog::setProblem);
  dialog_->show();
}

}  // namespace rind::workbench
