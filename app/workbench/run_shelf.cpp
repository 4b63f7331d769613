#include "rind/workbench/run_shelf.h"

#include <QFile>
#include <QFileInfo>
#include <utility>

#include "rind/workbench/compare_window.h"

namespace rind::workbench {

RunShelf::RunShelf(Session& session, panels::RunsPanel& panel, NoticeBar& notice)
    : QObject(&panel), session_(session), panel_(panel), notice_(notice) {
  connect(&panel, &panels::RunsPanel::refreshRequested, this, &RunShelf::refresh);
  connect(&panel, &panels::RunsPanel::openRequested, &session, &Session::open);
  connect(&panel, &panels::RunsPanel::resumeRequested, this, &RunShelf::resume);
  connect(&panel, &panels::RunsPanel::duplicateRequested, &session, &Session::duplicate);
  connect(&panel, &panels::RunsPanel::compareRequested, this, &RunShelf::compare);
  connect(&panel, &panels::RunsPanel::deleteRequested, this, &RunShelf::askToDelete);
  connect(&session, &Session::runFolderChanged, this, [this] {
    if (std::exchange(wanted_, {}) == session_.runFolder()) session_.resume();
    refresh();
  });
  connect(&session, &Session::dataProblem, this, [this] { wanted_.clear(); });
  connect(&session.run(), &models::RunModel::changed, this, [this](models::RunChanges what) {
    panel_.setTraining(session_.run().isActive());
    const auto& run = session_.run();
    const bool goes_on = run.isActive() || run.isHeld();
    const bool told = (what & models::RunChange::state) && (!goes_on || run.stateWord() != shown_state_);
    if (told && panel_.isVisible()) refresh();
  });
}

void RunShelf::refresh() {
  // A run that was opened from elsewhere stands among its neighbours.
  const auto& open = session_.runFolder();
  const auto folder = open.empty() ? session_.runsFolder() : open.parent_path();
  shown_state_ = session_.run().stateWord();
  background_.run([folder] { return models::listRuns(folder); },
                  [this](std::vector<models::RunLine> runs) {
                    showOwnState(runs);
                    panel_.setRuns(std::move(runs));
                  });
}

// What trains it here knows before the folder does.
void RunShelf::showOwnState(std::vector<models::RunLine>& runs) const {
  if (!session_.run().isActive()) return;
  for (auto& run : runs)
    if (run.path == session_.runFolder()) run.standing = {session_.run().state()};
}

void RunShelf::compare(const QStringList& runs) {
  auto* window = new CompareWindow(runs, panel_.window());
  window->setAttribute(Qt::WA_DeleteOnClose);
  window->show();
}

void RunShelf::resume(const QString& run) {
  if (session_.runFolder() == run.toStdString()) {
    session_.resume();
    return;
  }
  wanted_ = run.toStdString();
  session_.open(run);
}

void RunShelf::askToDelete(const QString& run) {
  notice_.offer(
      tr("Move the run %1 with its checkpoints, predictions and scores to the trash?")
          .arg(QFileInfo(run).fileName()),
      tr("Move to the trash"), [this, run] { remove(run); }, false);
}

void RunShelf::remove(const QString& run) {
  const std::filesystem::path folder = run.toStdString();
  if (models::isTrainedHere(folder)) {
    notice_.say(tr("%1 is being trained; stop it first, then delete it.").arg(QFileInfo(run).fileName()),
                true);
    return;
  }
  QString place;
  if (QFile::moveToTrash(run, &place))
    notice_.say(tr("%1 is in the trash: %2").arg(QFileInfo(run).fileName(), place), false);
  else
    notice_.say(
        tr("%1 could not be moved to the trash and was left where it is; delete it by hand.").arg(run), true);
  refresh();
}

}  // namespace rind::workbench
